"""Touch to frame: counted from the touch to the first frame with its effect."""

from __future__ import annotations

from kiosk_ui.promptness import Promptness


def test_a_frame_without_the_effect_does_not_count() -> None:
    prompt = Promptness()
    prompt.touched(1.0)
    prompt.flipped(1.01)
    assert prompt.sentence() == ""
    prompt.painted()
    prompt.flipped(1.03)
    assert prompt.sentence() == "touch to frame: p50 30.0 ms, p95 30.0 ms over 1 touches"


def test_frames_between_touches_count_once() -> None:
    prompt = Promptness()
    for start_s in (1.0, 2.0, 3.0):
        prompt.touched(start_s)
        prompt.painted()
        prompt.flipped(start_s + 0.02)
        prompt.flipped(start_s + 0.5)
    assert prompt.sentence().endswith("p95 20.0 ms over 3 touches")
