from __future__ import annotations

from typing import get_args

import msgspec
import pytest
from sqlalchemy import event

from aisle import channels, envelope
from aisle.messages import (
    BackendRequest,
    MalformedMessage,
    ProblemCode,
    care,
    complaints,
    journey,
    operation,
    pickup,
    robot,
    staff,
    store,
    till,
)
from store_backend.backend import Backend, open_readers
from store_backend.routing import ROUTES, forbidden, looks
from store_backend.tables import journey_events, metadata
from tests.catalogue.samples import MILK
from tests.store_backend.shoppers import MEMORY_SAMPLES
from tests.store_backend.steps import NOW_S, answer, asked, call, opening, refused, rows, status, step

LINES = (store.ProductLine(product_id=MILK, quantity=1),)
SCREEN_ONLY = (opening(), step("e1"), care.JourneyEvents(events=(step("e2"),)), care.Feedback(session_id="s1", score=5))
PERIOD = journey.Period(since_unix_s=0.0, until_unix_s=NOW_S)
REPORTS = (
    journey.VisitsQuery(), journey.JourneyQuery(session_id="s1"), journey.ScoreQuery(session_id="s1"),
    journey.ChecklistQuery(period=PERIOD),
    journey.ReportQuery(period=PERIOD), complaints.ThemesQuery(period=PERIOD),
)  # fmt: skip
STAFF_WORK = (
    journey.PromptScore(session_id="s1", channel=care.Channel.PHONE),
    staff.QueueQuery(), staff.ClaimCall(assistance_id=1, staff_id="7"), staff.HandBack(assistance_id=1, staff_id="7"),
    staff.EndCall(assistance_id=1, staff_id="7"), staff.CallQuery(call_key="c1"), staff.AlertsQuery(),
    staff.AcknowledgeAlert(alert_id=1, staff_id="7"), staff.BoardQuery(),
    complaints.TakeComplaint(message_key="m1", channel=care.Channel.E_MAIL, text="No milk"),
    complaints.ComplaintsQuery(), complaints.ThreadQuery(complaint_id=1),
    complaints.JoinComplaints(complaint_id=1, other_id=2, staff_id="7"),
    complaints.SolveComplaint(complaint_id=1, staff_id="7"), complaints.EraseContact(complaint_id=1),
    complaints.TakeSuggestion(suggestion_key="g1", channel=care.Channel.KIOSK, text="More milk"),
    complaints.TagSuggestion(suggestion_id=1, themes=(complaints.Theme.STOCK,)),
    complaints.EraseSuggestion(suggestion_id=1), complaints.BacklogQuery(theme=complaints.Theme.STOCK),
)  # fmt: skip
SAMPLES = (
    *SCREEN_ONLY, call("c1"), status(NOW_S), store.ProductQuery(product_id=MILK), store.ReplicaQuery(),
    store.ReplicaChunkQuery(sha256="0" * 64, offset=0), store.StockQuery(product_ids=(MILK,)),
    store.StockCounted(product_id=MILK, count=3), store.StockDelivered(lines=LINES), store.StockSold(lines=LINES),
    store.SubstitutesQuery(product_id=MILK), pickup.Reserve(reservation_id="r1", lines=LINES),
    pickup.ReleaseReservation(reservation_id="r1"), pickup.ReservationQuery(reservation_id="r1"),
    pickup.PlaceOrder(order_id="o1", reservation_id="r1"), pickup.CancelOrder(order_id="o1"),
    pickup.MoveOrder(order_id="o1", step=pickup.OrderStep.HAND_OVER), pickup.OrderQuery(order_id="o1"),
    pickup.OrdersQuery(state=pickup.OrderState.PLACED), pickup.StagingQuery(),
    till.OfferBasket(basket_id="b1", lines=(till.PricedLine(product_id=MILK, quantity=1, price_cents=199),)),
    till.CancelBasket(basket_id="b1"), till.TakeBasket(basket_id="b1", till_id="t1"),
    till.SellBasket(basket_id="b1", till_id="t1", sale_id="s1", total_cents=199),
    till.RefuseBasket(basket_id="b1", till_id="t1", reason=till.Refusal.DECLINED), till.BasketQuery(basket_id="b1"),
    robot.TakeLease(robot_id="r1", owner="o"), robot.ReturnLease(robot_id="r1", owner="o"),
    robot.LeaseQuery(robot_id="r1"), robot.StopRobots(), robot.ReleaseStop(), robot.StopQuery(robot_id="r1"),
    robot.AddTask(task_id="t1", kind=robot.TaskKind.VISIT, x_m=0.0, y_m=0.0), robot.NextTask(robot_id="r1"),
    robot.ReportTask(robot_id="r1", task_id="t1", progress=robot.TaskProgress.BEGUN), robot.EndTask(task_id="t1"),
    robot.TasksQuery(),
    *REPORTS, *MEMORY_SAMPLES, *STAFF_WORK,
    operation.HealthQuery(),
    operation.PilotsQuery(session_id="s1"),
)  # fmt: skip


def test_every_message_of_the_channel_has_a_handler() -> None:
    assert set(ROUTES) == set(get_args(BackendRequest)) == {type(sample) for sample in SAMPLES}


@pytest.mark.parametrize("command", SAMPLES, ids=lambda command: type(command).__name__)
def test_every_message_arrives_as_it_was_sent(command: msgspec.Struct) -> None:
    assert envelope.decode_body(envelope.encode_body(command), channels.BACKEND.request) == command
    with pytest.raises(MalformedMessage):
        envelope.decode_body(envelope.encode_body(command), channels.BACKEND.reply)


# Who may send what is decided before the database is asked: one kind of database is enough.
@pytest.mark.parametrize("role", ["unknown", "robot", "sim", "store_backend", ""])
def test_a_role_without_business_here_is_refused_everything(sqlite_backend: Backend, role: str) -> None:
    for command in SAMPLES:
        code, sentence = refused(sqlite_backend, command, role)
        assert code is ProblemCode.FORBIDDEN
        assert type(command).__name__ in sentence
    assert all(rows(sqlite_backend, table) == [] for table in metadata.sorted_tables)


@pytest.mark.parametrize("command", SCREEN_ONLY, ids=lambda command: type(command).__name__)
def test_a_gateway_cannot_write_a_journey(sqlite_backend: Backend, command: msgspec.Struct) -> None:
    assert refused(sqlite_backend, command, "gateway")[0] is ProblemCode.FORBIDDEN


@pytest.mark.parametrize("role", ["kiosk_ui", "gateway", "web", "till"])
def test_only_staff_say_what_was_counted(sqlite_backend: Backend, role: str) -> None:
    assert refused(sqlite_backend, store.StockCounted(product_id=MILK, count=0), role)[0] is ProblemCode.FORBIDDEN


def test_a_screen_cannot_say_where_the_robot_is(sqlite_backend: Backend) -> None:
    assert refused(sqlite_backend, status(NOW_S), "kiosk_ui")[0] is ProblemCode.FORBIDDEN


def test_a_person_can_be_called_from_screen_and_robot(backend: Backend) -> None:
    assert [answer(backend, call(role), role).waiting_before for role in ("kiosk_ui", "gateway")] == [0, 1]


@pytest.mark.parametrize("product_id", [2**63, 2**64 - 1])
def test_a_number_that_no_database_holds_is_a_problem_and_stores_nothing(backend: Backend, product_id: int) -> None:
    answer(backend, opening())
    code, sentence = refused(backend, step("e1", product_id=product_id))
    assert code is ProblemCode.FAILED
    assert "the database refused JourneyEvent" in sentence
    assert rows(backend, journey_events) == []


def test_a_lost_table_is_a_problem_and_not_the_end_of_the_process(backend: Backend) -> None:
    with backend.engine.begin() as connection:
        connection.exec_driver_sql("DROP TABLE assistance")
    code, sentence = refused(backend, call("c1"))
    assert code is ProblemCode.FAILED
    assert sentence.startswith("the database refused CallPerson: ")
    assert "assistance" in sentence


LOOKS = [sample for sample in SAMPLES if looks(sample)]


@pytest.mark.parametrize("command", LOOKS, ids=lambda command: type(command).__name__)
def test_a_look_asks_the_database_once_at_most_and_begins_nothing(backend: Backend, command: msgspec.Struct) -> None:
    answer(backend, store.StockCounted(product_id=MILK, count=3))
    answer(backend, pickup.Reserve(reservation_id="r1", lines=LINES))
    statements: list[str] = []
    with open_readers(backend.engine) as readers:
        event.listen(
            backend.engine, "before_cursor_execute", lambda _c, _u, statement, *_: statements.append(statement)
        )
        backend.read(readers, asked(command, ""))
    assert len(statements) <= 1
    assert "BEGIN" not in " ".join(statements)


@pytest.mark.parametrize("role", ["kiosk_ui", "web", "gateway"])
def test_only_a_till_takes_a_basket(sqlite_backend: Backend, role: str) -> None:
    assert refused(sqlite_backend, till.TakeBasket(basket_id="b1", till_id="t1"), role)[0] is ProblemCode.FORBIDDEN


@pytest.mark.parametrize("role", ["kiosk_ui", "gateway", "web", "till"])
def test_only_staff_release_a_stop(sqlite_backend: Backend, role: str) -> None:
    assert refused(sqlite_backend, robot.ReleaseStop(), role)[0] is ProblemCode.FORBIDDEN


SELLING = till.SellBasket(basket_id="b1", till_id="till-2", sale_id="s1", total_cents=100)
OF_TWO = [
    ("till", till.TakeBasket(basket_id="b1", till_id="till-2")),
    ("till", SELLING),
    ("till", till.RefuseBasket(basket_id="b1", till_id="till-2", reason=till.Refusal.DECLINED)),
    ("gateway", robot.TakeLease(robot_id="till-2", owner="o", lease_s=10.0)),
    ("gateway", robot.ReturnLease(robot_id="till-2", owner="o")),
    ("gateway", robot.NextTask(robot_id="till-2", lease_number=1)),
]


@pytest.mark.parametrize(
    ("role", "command"), OF_TWO, ids=lambda one: one if isinstance(one, str) else type(one).__name__
)
def test_a_device_with_a_key_of_its_own_speaks_for_no_other(role: str, command: msgspec.Struct) -> None:
    problem = forbidden(role, command, "till-3")
    assert problem is not None
    assert problem.code is ProblemCode.FORBIDDEN
    assert problem.sentence == f"the key of {role}@till-3 speaks for till-3 alone, not for 'till-2'"
    assert forbidden(role, command, "till-2") is None
    # A key of the whole role, as the demo store has, and an administrator speak for every device.
    assert forbidden(role, command) is None


def test_a_robot_may_stop_the_others_and_a_screen_asks_for_any_robot() -> None:
    assert forbidden("gateway", robot.StopRobots(reason="people on the floor"), "robot-1") is None
    assert forbidden("kiosk_ui", care.OpenSession(session_id="s1", robot_id="robot-1", language="en"), "north") is None
    assert forbidden("till", till.BasketQuery(basket_id="b1"), "till-2") is None
