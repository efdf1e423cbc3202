"""Messages that cross process boundaries over ZeroMQ, by domain; the ROS ones are in robot_ws/src/store_interfaces."""

from aisle.messages import advice, care, operation, robot, store, visit
from aisle.messages.base import (
    MAX_MESSAGE_BYTES,
    PROTOCOL_VERSION,
    MalformedMessage,
    Message,
    Problem,
    ProblemCode,
    Reply,
    Request,
)

BackendRequest = (
    care.OpenSession
    | care.JourneyEvent
    | care.JourneyEvents
    | care.CallPerson
    | care.Feedback
    | robot.RobotStatus
    | store.ReplicaQuery
    | store.ReplicaChunkQuery
    | store.ProductQuery
    | store.StockQuery
    | store.StockCounted
    | operation.HealthQuery
    | operation.PilotsQuery
)
BackendReply = (
    care.SessionOpened
    | care.Recorded
    | care.EventsRecorded
    | care.PersonCalled
    | store.ReplicaOffer
    | store.ReplicaChunk
    | store.ProductFound
    | store.StockLevels
    | operation.Health
    | operation.PilotGroups
    | Problem
)
GatewayRequest = visit.TourRequest | visit.TourCancel | advice.RecommendRequest
GatewayReply = visit.TourAccepted | advice.Recommended | visit.Noted | Problem

__all__ = [
    "MAX_MESSAGE_BYTES",
    "PROTOCOL_VERSION",
    "BackendReply",
    "BackendRequest",
    "GatewayReply",
    "GatewayRequest",
    "MalformedMessage",
    "Message",
    "Problem",
    "ProblemCode",
    "Reply",
    "Request",
    "advice",
    "care",
    "operation",
    "robot",
    "store",
    "visit",
]
