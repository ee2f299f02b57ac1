"""What the next page says happened. Only the name of a sentence and numbers travel in the cookie, nothing personal."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import Flask, flash, get_flashed_messages

from musette_solid.errors import N_
from musette_solid.usecases.intents import Settled
from musette_solid.web.i18n import gettext, label

SENTENCES: Mapping[str, str] = {
    "activity-added": N_("The activity is in your bag."),
    "activity-corrected": N_("The activity was corrected."),
    "put-back": N_("It is back where it was."),
    "time-logged": N_("Logged: %(duration)s."),
    "time-corrected": N_("The time was corrected."),
    "skill-added": N_("The skill is in your bag."),
    "skill-corrected": N_("The skill was corrected."),
    "assessment-added": N_("The assessment was added; the ones before it are kept."),
    "passed-on-noted": N_("Noted: a skill that was passed on lives twice."),
    "evidence-added": N_("The evidence was added."),
    "evidence-detached": N_("It is no longer attached there; it stays in your bag."),
    "evidence-deleted": N_("It was deleted from your space."),
    "goal-set": N_("The goal is in your bag, with its steps."),
    "skill-tied": N_("Noted: your skill is tied to it."),
    "assessment-sent": N_("Your answer is in their letterbox. Whether they keep it is theirs to decide."),
    "assessments-kept": N_("It is kept beside what you say yourself."),
    "assessments-left": N_("Nothing of it was kept, and the letter is gone."),
    "noted": N_("It is in your bag."),
    "interval-named": N_("It has its name, for you alone."),
    "passed-on": N_("It is public: whoever has its address reads it, and may take it up."),
    "taken-back": N_("It was taken back: your space confirms that nobody can read it any more."),
    "noted-corrected": N_("It was corrected."),
    "nothing-said": N_("Nothing was said, so nothing was written."),
    "session-kept": N_("Kept. You can take it up again whenever you like."),
    "session-over": N_("The session is over. Put in your bag: %(count)s."),
    "person-forgotten": N_("Forgotten: nothing in your bag points at this person any more."),
    "proposals-answered": N_(
        "What you kept is in your bag; what you set aside will not be proposed again for this activity."
    ),
    "imported": N_("The import is done. Written in your space: %(what)s."),
    "import-stopped": N_("The import was stopped: nothing was written."),
    "imported-nothing": N_("Everything in this file was already in your bag: nothing was written."),
    "put-back-done": N_("The archive is put back: %(documents)s, %(things)s. Nobody but you can read them."),
    "put-back-stopped": N_("It was stopped: nothing of the archive was written."),
    "import-undone": N_("The import was undone: what it wrote is no longer in your space."),
    "import-undone-in-part": N_("The import was undone, except what you have changed yourself since: that stays."),
    "shared": N_("The dossier is open to its recipient. A stranger asked for it, and was refused."),
    "shared-witnessed": N_(
        "The dossier is open to its recipient alone: a stranger asked for it, then somebody who has an account and no right; both were refused."
    ),
    "shared-unproved": N_(
        "The dossier is open to its recipient. Your space did not answer all that we asked to prove it: we ask again when you next look at your shares."
    ),
    "revoked": N_("The share is closed. Your space confirms that the recipient can no longer read anything."),
    "all-revoked": N_("Closed, and your space confirms it: %(shares)s."),
    "not-all-revoked": N_("Your space did not confirm that all of it is closed: %(shares)s may still be open."),
    "made-private": N_("Only you can open it now."),
    "comment-left": N_("Your comment was left beside the dossier."),
    "comment-kept": N_("The comment is kept in your bag."),
    "comment-answered": N_("Your answer was left beside the dossier, and kept in your bag."),
    "comment-discarded": N_("The comment was deleted from your space."),
    "comments-cleared": N_("What was left beside the dossier is deleted."),
    "comments-left": N_("It was stopped. What was deleted stays deleted; the rest can be deleted later."),
    "prolonged": N_("It is prolonged; the receipt is new, and the old one has ended."),
    "copies-deleted-said": N_("They were told that you kept nothing of it. You keep the receipt."),
    "copies-deleted-untold": N_(
        "Noted in your letterbox. They have no letterbox that takes it: write to them that nothing of it is left."
    ),
    "renewal-asked": N_("They were asked to prolong it. They decide."),
    "renewal-untold": N_("They have no letterbox that takes it: send them this link to ask them to prolong it."),
    "request-made": N_("The request is ready: send its link to whom it is for."),
    "request-sent": N_("The request was put in their letterbox."),
    "request-withdrawn": N_("The request was taken back: nobody can open it any more."),
    "request-declined": N_("You declined. They were told, and this request will not be shown to you again."),
    "request-declined-untold": N_("You declined. They could not be told; this request will not be shown to you again."),
    "request-asked-back": N_("Your question was sent. The request waits."),
    "sender-silenced": N_("Nothing more from this sender will be shown. They were not told."),
    "sender-heard": N_("This sender can write to you again."),
    "letterbox-renewed": N_("You have another letterbox: it is announced, and takes letters from now on."),
    "letterbox-emptied": N_(
        "The old letterbox is empty, and gone. Moved to the new one: %(moved)s. Deleted: %(deleted)s."
    ),
    "letterbox-stopped": N_("It was stopped. What was deleted stays deleted; the rest can be emptied later."),
    "balance-copied": N_("The official balance is kept beside the simulated one."),
    "movements-kept": N_("The movements of the simulation are in your accounts, each with its proofs."),
    "fact-noted": N_("The fact is noted; what depends on it was worked out again."),
    "letter-logged": N_("The letter is noted as sent today."),
    "reply-logged": N_("The reply is noted."),
    "bag-made": N_("Your bag is ready, and it is empty."),
    "settled-completed": N_("Something had been interrupted; it is finished now: %(what)s."),
    "settled-undone": N_("Something had been interrupted; it was taken back, as if it had not been begun: %(what)s."),
    "settled-partly": N_(
        "Something had been interrupted; it is finished now, except what was changed since, which stays: %(what)s."
    ),
    "settled-left": N_(
        "Something was interrupted and cannot be finished yet: %(what)s. We try again each time you sign in."
    ),
    "settled-waiting": N_(
        "Something had been interrupted, and waits for your word: %(what)s. The page “Bring in your past” asks whether it goes on or is taken back."
    ),
    "not-whole": N_(
        "Something in your bag was damaged or is no longer there: the page “Copies and repairs” says what, and puts it right."
    ),
    "restored": N_("It is whole again: %(things)s came back. What was damaged is kept beside the copies."),
    "right-as-it-is": N_("Noted: it is right as it is."),
    "copies-deleted": N_("The copies were deleted from your space."),
    "published": N_("Your page is published: a stranger was asked, and sees it."),
    "calendar-published": N_("Your calendar has its address: a stranger was asked, and reads it."),
    "calendar-withdrawn": N_("The address is taken back: a stranger was asked, and finds nothing any more."),
    "withdrawn": N_("Your page is withdrawn: a stranger was asked, and sees nothing any more."),
    "profile-shown": N_("Your profile shows exactly what you chose."),
    "profile-empty": N_("Nothing of your bag is in your profile any more."),
    "profile-taken": N_("What was done elsewhere is taken over."),
    "profile-put-right": N_("Your profile says again what your bag says."),
    "account-noted": N_("The account is in your bag."),
    "account-corrected": N_("The account was corrected."),
    "account-removed": N_("The account was taken out of your bag."),
    "left": N_("Everything was deleted from your space, and you are signed out. Goodbye, and thank you."),
    "signed-out": N_("You are signed out."),
    "sessions-ended": N_("Ended. This browser stays signed in; the others are signed out from now on."),
    "session-ended": N_("That session has ended."),
}


def is_saved(name: str) -> bool:
    """Whether the form that was sent has done what it was for; some sentences only say what was found, or what ended."""
    return not name.startswith("settled-") and name not in {
        *("not-whole", "left", "signed-out", "sessions-ended", "session-ended"),
    }


@dataclass(frozen=True)
class Notice:
    text: str
    kind: str = "good"
    do: str = ""
    undo: str = ""  # where a form that takes it back is sent
    kept: tuple[tuple[str, str], ...] = ()
    saved: bool = False  # what was typed is in the person's space now: no draft of it is needed any more


def install(app: Flask) -> None:
    app.jinja_env.globals["notices"] = waiting


def say(name: str, **numbers: str) -> None:
    """Say a sentence of the table on the next page. `numbers` are counts and durations, already in the person's language."""
    flash({"name": name, "numbers": numbers}, "notice")  # type: ignore[arg-type]  # Flask keeps any JSON value


def say_settled(settled: Sequence[Settled]) -> None:
    """What signing in finished or took back: kinds of operations, never what they were about."""
    for outcome in dict.fromkeys(one.outcome for one in settled):
        kinds = dict.fromkeys(label(one.operation) for one in settled if one.outcome == outcome)
        say(f"settled-{outcome}", what=", ".join(kinds))


def waiting() -> list[Notice]:
    said: list[Any] = get_flashed_messages(category_filter=["notice"])
    found = []
    for one in said:
        sentence = SENTENCES.get(one.get("name", "")) if isinstance(one, dict) else None
        if sentence is not None:
            found.append(Notice(gettext(sentence) % one.get("numbers", {}), saved=is_saved(one["name"])))
    return found
