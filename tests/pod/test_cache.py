from musette_solid.pod.cache import TRUSTED_S, Cache

URL = "https://pod.example/a.ttl"


class Told:
    def __init__(self) -> None:
        self.again: list[str] = []
        self.written: list[str] = []

    def reused(self, url: str) -> None:
        self.again.append(url)

    def wrote(self, url: str) -> None:
        self.written.append(url)


def read(cache: Cache[str], value: str, etag: str | None = '"1"') -> None:
    """One read that came back with `value`."""
    turn = cache.asking(URL)
    cache.put(URL, value, 10, etag=etag, turn=turn)


def test_without_a_channel_a_copy_is_always_asked_about() -> None:
    cache: Cache[str] = Cache()
    read(cache, "one")
    assert cache.get(URL) == "one"
    assert cache.current(URL) is None


def test_with_a_channel_a_copy_read_after_it_opened_needs_no_asking() -> None:
    cache: Cache[str] = Cache()
    cache.live(URL)
    read(cache, "one")
    assert cache.current(URL) == "one"


def test_a_copy_older_than_the_channel_is_asked_about_unless_the_channel_says_that_it_is_the_present_state() -> None:
    cache: Cache[str] = Cache()
    read(cache, "one", '"1"')
    cache.live(URL, '"2"')
    assert cache.current(URL) is None
    cache.live(URL, '"1"')
    assert cache.current(URL) == "one"


def test_a_confirmed_copy_needs_no_asking_either() -> None:
    cache: Cache[str] = Cache()
    read(cache, "one")
    cache.live(URL)
    cache.confirmed(URL, "one", cache.asking(URL))
    assert cache.current(URL) == "one"


def test_a_message_ends_a_copy_and_one_about_the_copy_itself_does_not() -> None:
    cache: Cache[str] = Cache()
    cache.live(URL)
    read(cache, "one", '"1"')
    cache.moved(URL, '"1"')
    assert cache.current(URL) == "one"
    cache.moved(URL, '"2"')
    assert cache.current(URL) is None
    cache.moved(URL, '"1"')  # late: it brings nothing back
    assert cache.current(URL) is None


def test_a_change_told_while_we_were_reading_leaves_a_copy_to_ask_about() -> None:
    cache: Cache[str] = Cache()
    cache.live(URL)
    turn = cache.asking(URL)
    cache.moved(URL, '"2"')
    cache.put(URL, "one", 10, etag='"1"', turn=turn)
    assert cache.current(URL) is None
    assert cache.get(URL) == "one"


def test_a_slow_answer_does_not_come_after_a_quicker_one_that_a_message_confirmed() -> None:
    cache: Cache[str] = Cache()
    cache.live(URL)
    slow = cache.asking(URL)
    read(cache, "two", '"2"')  # changed, and read by somebody quicker
    cache.moved(URL, '"2"')
    assert cache.current(URL) == "two"
    cache.put(URL, "one", 10, etag='"1"', turn=slow)
    assert cache.current(URL) is None


def test_only_the_copy_that_was_asked_about_is_confirmed() -> None:
    cache: Cache[str] = Cache()
    read(cache, "one", '"1"')
    cache.live(URL)
    turn = cache.asking(URL)
    cache.put(URL, "two", 10, etag='"2"', turn=None)
    cache.confirmed(URL, "one", turn)
    assert cache.current(URL) is None


def test_a_write_of_our_own_ends_what_was_read_before_it_and_during_it() -> None:
    cache: Cache[str] = Cache()
    cache.live(URL)
    read(cache, "one")
    cache.writing(URL)
    assert cache.get(URL) is None
    turn = cache.asking(URL)  # somebody reads while the write is under way
    cache.written(URL)
    cache.put(URL, "one", 10, etag='"1"', turn=turn)
    assert cache.current(URL) is None


def test_a_gap_is_a_gap_for_ever() -> None:
    cache: Cache[str] = Cache()
    cache.live(URL)
    read(cache, "one")
    cache.gone(URL)
    assert cache.current(URL) is None
    cache.live(URL)
    assert cache.current(URL) is None


def test_what_another_worker_wrote_is_asked_about() -> None:
    cache: Cache[str] = Cache()
    cache.live(URL)
    read(cache, "one")
    cache.distrust()
    assert cache.current(URL) is None
    read(cache, "two")
    assert cache.current(URL) == "two"


def test_a_channel_is_not_believed_for_ever() -> None:
    now = [0.0]
    cache: Cache[str] = Cache(clock=lambda: now[0])
    cache.live(URL)
    read(cache, "one")
    now[0] = TRUSTED_S + 1
    assert cache.current(URL) is None
    cache.confirmed(URL, "one", cache.asking(URL))
    assert cache.current(URL) == "one"


def test_an_answer_without_etag_is_only_kept_while_a_channel_watches_over_it() -> None:
    cache: Cache[str] = Cache()
    read(cache, "one", None)
    assert cache.get(URL) is None
    cache.live(URL)
    read(cache, "one", None)
    assert cache.current(URL) == "one"


def test_forms_of_one_document_are_kept_apart_and_forgotten_together() -> None:
    cache: Cache[str] = Cache()
    cache.put(URL, "turtle", 10, form="text/turtle", etag='"1"')
    cache.put(URL, "json", 10, form="application/ld+json", etag='"2"')
    assert (cache.get(URL, "text/turtle"), cache.get(URL, "application/ld+json")) == ("turtle", "json")
    cache.forget(URL)
    assert (cache.get(URL, "text/turtle"), cache.get(URL, "application/ld+json")) == (None, None)


def test_it_holds_no_more_than_its_size_and_drops_what_was_not_used_longest() -> None:
    cache: Cache[str] = Cache(size_bytes=25)
    for name in "abc":
        cache.put(name, name, 10, etag='"1"')
        cache.get("a")
    assert [cache.get(name) for name in "abc"] == ["a", None, "c"]
    cache.put("d", "d", 26, etag='"1"')
    assert cache.get("d") is None


def test_the_second_request_for_a_document_is_the_one_that_a_channel_would_save() -> None:
    cache: Cache[str] = Cache()
    told = cache.listener = Told()
    read(cache, "one")
    assert told.again == []
    read(cache, "one")
    assert told.again == [URL]
    cache.writing(URL)
    assert told.written == []
    cache.written(URL)
    assert told.written == [URL]
