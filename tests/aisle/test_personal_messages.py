"""Where personal messages may not come: outboxes on disks, streams that are recorded, and the robot's topics."""

from __future__ import annotations

from typing import get_args, get_type_hints

import msgspec

from aisle import channels, paths
from aisle.channels import Flow
from aisle.messages import memory
from kiosk_ui.lanes import Letter

PERSONAL_FIELDS = {"shopper_id", "card", "contact", "ticket"}


def test_every_message_that_names_a_shopper_counts_as_personal() -> None:
    kinds = [kind for kind in vars(memory).values() if isinstance(kind, type) and issubclass(kind, msgspec.Struct)]
    named = {kind for kind in kinds if PERSONAL_FIELDS & set(kind.__struct_fields__)}
    # The reply that carries a ticket goes to whoever asked and opens nothing after minutes.
    assert named - {memory.MemoryOpened} == set(memory.PERSONAL)


def test_the_outbox_of_a_kiosk_takes_no_personal_message() -> None:
    kinds = get_args(get_type_hints(Letter)["message"])
    assert kinds
    assert not set(kinds) & set(memory.PERSONAL)
    assert all(PERSONAL_FIELDS.isdisjoint(kind.__struct_fields__) for kind in kinds)


def test_no_stream_between_processes_carries_a_shopper() -> None:
    streams = [channel.reply for channel in channels.CHANNELS if channel.flow is Flow.STREAM]
    assert streams
    assert all(PERSONAL_FIELDS.isdisjoint(kind.__struct_fields__) for kind in streams)


def test_no_topic_or_service_of_the_robot_that_could_be_recorded_carries_a_shopper() -> None:
    folder = paths.REPOSITORY / "robot_ws" / "src" / "store_interfaces"
    files = [*folder.glob("msg/*.msg"), *folder.glob("srv/*.srv")]
    fields = {line.split()[1] for file in files for line in file.read_text().splitlines() if len(line.split()) > 1}
    assert len(files) >= 6
    assert PERSONAL_FIELDS.isdisjoint(fields)
