from __future__ import annotations

import itertools

import pytest

from aisle_firmware_bridge.phase import LinkEvent, Phase, next_phase

TABLE = {
    Phase.OFFLINE: {},
    Phase.GREETING: {LinkEvent.ACCEPTED: Phase.ONLINE, LinkEvent.REJECTED: Phase.REFUSED},
    Phase.REFUSED: {},
    Phase.ONLINE: {LinkEvent.LOST: Phase.GREETING},
}
ALWAYS = {LinkEvent.OPENED: Phase.GREETING, LinkEvent.CLOSED: Phase.OFFLINE}


@pytest.mark.parametrize(("phase", "event"), itertools.product(Phase, LinkEvent))
def test_every_phase_and_event(phase: Phase, event: LinkEvent) -> None:
    assert next_phase(phase, event) is {**TABLE[phase], **ALWAYS}.get(event, phase)


def test_only_an_accepted_greeting_leads_online() -> None:
    ways = [(p, e) for p, e in itertools.product(Phase, LinkEvent) if next_phase(p, e) is Phase.ONLINE]
    entering = [way for way in ways if way[0] is not Phase.ONLINE]
    assert entering == [(Phase.GREETING, LinkEvent.ACCEPTED)]
