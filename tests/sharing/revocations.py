"""S-8: from closing a share to the last time its recipient can read it, asked at 20 Hz before, during and after."""

import threading
import time
from dataclasses import dataclass
from datetime import date

from musette_solid.model.dossier import Selection, Terms
from musette_solid.pod import resources
from musette_solid.rdf import terms
from musette_solid.usecases import set_up
from musette_solid.usecases import share as sharing
from musette_solid.usecases.log_activity import log_activity
from musette_solid.usecases.revoke import revoke
from tests.figures import Figure
from tests.sharing.machine import START, Place

#: Twenty times a second.
_EVERY_S = 0.05
#: How long it is asked for once closing has returned.
_AFTER_S = 0.3


@dataclass(frozen=True)
class Closings:
    """`late`: successful reads after closing had returned; `latest_s`: the last of them; `read`: shares that were read before."""

    closings: int = 0
    late: int = 0
    latest_s: float = 0.0
    read: int = 0

    def __add__(self, more: "Closings") -> "Closings":
        return Closings(
            self.closings + more.closings,
            self.late + more.late,
            max(self.latest_s, more.latest_s),
            self.read + more.read,
        )

    def figures(self, server: str) -> list[Figure]:
        return [
            Figure(
                "S-8",
                f"successful reads after closing had returned, {self.closings} closings at 20 Hz ({server})",
                self.late,
                "reads",
                "0",
                self.late == 0,
            ),
            Figure(
                "S-8 latest",
                f"the last successful read after closing had returned ({server})",
                self.latest_s,
                "s",
                "0",
                self.latest_s == 0.0,
            ),
            Figure(
                "S-8 read",
                f"closings before which the recipient was seen to read ({server})",
                self.read,
                "shares",
                "all",
                self.read == self.closings,
            ),
        ]


def closed_at_20_hz(place: Place, closings: int) -> Closings:
    owner, storage = place.owner
    pod = place.agent(owner)
    bag = set_up.find(pod) or set_up.create(pod, storage, START)
    chosen = Selection(
        frozenset({log_activity(bag, {"title": ["S-8"], "sphere": [str(terms.SPHERE_VOLUNTEERING)]}, START)})
    )
    webid = place.one[0]
    reader = place.agent(webid)
    agreed = Terms("Dossier", bag.owner, None, webid, str(terms.PURPOSE_RECRUITMENT), START, date(2099, 1, 1))
    late, early, latest = 0, 0, 0.0
    for _ in range(closings):
        made = sharing.share(bag, chosen, agreed, sharing.Recipient(webid, None, None, ()), sharing.new_id())
        answers: list[tuple[float, int]] = []
        stop = threading.Event()

        def ask(url: str = made.dossier, to: list[tuple[float, int]] = answers, end: threading.Event = stop) -> None:
            while not end.is_set():
                begun = time.monotonic()
                status = reader.send("GET", url, {"Accept": resources.ACCEPT}).status
                to.append((begun, status))
                time.sleep(max(0.0, _EVERY_S - (time.monotonic() - begun)))

        asking = threading.Thread(target=ask)
        asking.start()
        while not any(status == 200 for _, status in answers):
            time.sleep(0.01)
        revoke(bag, made.share_id, START)
        returned = time.monotonic()
        time.sleep(_AFTER_S)
        stop.set()
        asking.join()
        after = [asked - returned for asked, status in answers if status == 200 and asked >= returned]
        late += len(after)
        latest = max([latest, *after])
        early += any(status == 200 for _, status in answers)
    return Closings(closings, late, latest, early)
