"""A kiosk without keys: asks the store, shows the code, takes the answer. Pure; the window asks and keeps the files."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from aisle.messages.pairing import CODE_DIGITS
from aisle.pairing import DeviceSide, Verdict
from kiosk_ui.view import PairingPage
from kiosk_ui.words import LANGUAGES, words


class Step(Enum):
    """How far it is. Only a person leads from REFUSED and OVER back to ASKING, which the window waits for."""

    ASKING = "asking"
    SHOWING = "showing"
    REFUSED = "refused"
    OVER = "over"
    DONE = "done"


@dataclass(slots=True)
class PairingScreen:
    """What the screen knows; times are those of one clock."""

    language: str
    step: Step = Step.ASKING
    reason: str = ""
    _side: DeviceSide | None = None
    _typed: str = ""
    _is_wrong: bool = False

    def show(self, side: DeviceSide) -> None:
        """Take what the store answered; from now on the code is shown."""
        self.step, self._side, self._typed, self._is_wrong = Step.SHOWING, side, "", False

    def refuse(self, reason: str) -> None:
        """Take that the store did not answer, or that it refused; `reason` is a sentence for staff, in English."""
        self.step, self.reason = Step.REFUSED, reason

    def tick(self, now_s: float) -> None:
        """End a code that has grown too old."""
        if self.step is Step.SHOWING and self._side is not None and self._side.is_over(now_s):
            self.step = Step.OVER

    def touch(self, control: str, now_s: float) -> None:
        """Take a touch on one of the controls of the scene."""
        name, _, argument = control.partition(":")
        if name == "language":
            self.language = argument
        elif name == "again" and self.step in (Step.REFUSED, Step.OVER):
            self.step, self.reason = Step.ASKING, ""
        elif self.step is Step.SHOWING:
            self._type(name, argument, now_s)

    def _type(self, name: str, digit: str, now_s: float) -> None:
        self._is_wrong = False
        self._typed = self._typed[:-1] if name == "erase" else self._typed + digit
        if len(self._typed) < CODE_DIGITS or self._side is None:
            return
        verdict, self._typed = self._side.check(self._typed, now_s), ""
        self._is_wrong = verdict is Verdict.WRONG
        self.step = {Verdict.RIGHT: Step.DONE, Verdict.WRONG: Step.SHOWING, Verdict.OVER: Step.OVER}[verdict]

    def page(self) -> PairingPage:
        """Return what is shown, in words."""
        table = words(self.language)
        languages = tuple((code, one.name) for code, one in LANGUAGES.items())
        if self.step is not Step.SHOWING or self._side is None:
            title, text = self._waiting_words()
            again = table.pair_again if self.step in (Step.REFUSED, Step.OVER) else ""
            return PairingPage(
                title=title, text=text, language=self.language, languages=languages, again=again, is_problem=bool(again)
            )
        code = self._side.codes.code
        return PairingPage(
            title=table.pair_title,
            text=table.pair_wrong if self._is_wrong else "",
            language=self.language,
            languages=languages,
            code=f"{code[: CODE_DIGITS // 2]} {code[CODE_DIGITS // 2 :]}",
            code_title=table.pair_code,
            command=table.pair_command.format(code=code),
            answer_title=table.pair_answer,
            typed=self._typed,
            erase=table.pair_erase,
        )

    def _waiting_words(self) -> tuple[str, str]:
        table = words(self.language)
        match self.step:
            case Step.REFUSED:
                return table.pair_title, f"{table.pair_refused}\n({self.reason})"
            case Step.OVER:
                return table.pair_title, table.pair_over
            case Step.DONE:
                return table.pair_done, table.pair_done_hint
        return table.pair_title, table.pair_asking
