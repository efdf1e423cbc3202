"""Messages that cross process boundaries over ZeroMQ, by domain; the ROS ones are in robot_ws/src/store_interfaces."""

from aisle.messages import (
    advice,
    care,
    complaints,
    journey,
    memory,
    operation,
    pairing,
    pickup,
    robot,
    staff,
    store,
    till,
    visit,
)
from aisle.messages.base import (
    MAX_MESSAGE_BYTES,
    PROTOCOL_VERSION,
    FreeText,
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
    | journey.JourneyQuery
    | journey.VisitsQuery
    | journey.ScoreQuery
    | journey.PromptScore
    | journey.ChecklistQuery
    | journey.ReportQuery
    | staff.QueueQuery
    | staff.ClaimCall
    | staff.HandBack
    | staff.EndCall
    | staff.CallQuery
    | staff.AlertsQuery
    | staff.AcknowledgeAlert
    | staff.BoardQuery
    | complaints.TakeComplaint
    | complaints.ComplaintsQuery
    | complaints.ThreadQuery
    | complaints.JoinComplaints
    | complaints.SolveComplaint
    | complaints.EraseContact
    | complaints.TakeSuggestion
    | complaints.TagSuggestion
    | complaints.EraseSuggestion
    | complaints.BacklogQuery
    | complaints.ThemesQuery
    | robot.RobotStatus
    | store.ReplicaQuery
    | store.ReplicaChunkQuery
    | store.ProductQuery
    | store.StockQuery
    | store.StockCounted
    | memory.WordingsQuery
    | memory.ChangeConsent
    | memory.RememberFact
    | memory.CorrectFact
    | memory.DeleteFact
    | memory.OpenMemory
    | memory.MemoryQuery
    | memory.EraseShopper
    | memory.ErasedQuery
    | memory.OfferCardLink
    | memory.LinkCard
    | memory.OfferGreeting
    | memory.Greet
    | memory.GreetingQuery
    | store.StockDelivered
    | store.StockSold
    | store.SubstitutesQuery
    | pickup.Reserve
    | pickup.ReleaseReservation
    | pickup.ReservationQuery
    | pickup.PlaceOrder
    | pickup.CancelOrder
    | pickup.MoveOrder
    | pickup.OrderQuery
    | pickup.OrdersQuery
    | pickup.StagingQuery
    | till.OfferBasket
    | till.CancelBasket
    | till.TakeBasket
    | till.SellBasket
    | till.RefuseBasket
    | till.BasketQuery
    | robot.TakeLease
    | robot.ReturnLease
    | robot.LeaseQuery
    | robot.StopRobots
    | robot.ReleaseStop
    | robot.StopQuery
    | robot.AddTask
    | robot.NextTask
    | robot.ReportTask
    | robot.EndTask
    | robot.TasksQuery
    | operation.HealthQuery
    | operation.PilotsQuery
)
BackendReply = (
    care.SessionOpened
    | care.Recorded
    | care.EventsRecorded
    | care.PersonCalled
    | journey.Journey
    | journey.Visits
    | journey.Scored
    | journey.MayPrompt
    | journey.Checklist
    | journey.Report
    | staff.Queue
    | staff.CallNoted
    | staff.Alerts
    | staff.AlertNoted
    | staff.CareBoard
    | complaints.ComplaintTaken
    | complaints.Complaints
    | complaints.Thread
    | complaints.SuggestionTaken
    | complaints.Backlog
    | complaints.Themes
    | store.ReplicaOffer
    | store.ReplicaChunk
    | store.ProductFound
    | store.StockLevels
    | memory.Wordings
    | memory.ConsentChanged
    | memory.FactKept
    | memory.FactDeleted
    | memory.MemoryOpened
    | memory.Memory
    | memory.ShopperErased
    | memory.ErasedShoppers
    | memory.CardLinkOffered
    | memory.GreetingOffered
    | memory.Greeted
    | memory.Greeting
    | store.Substitutes
    | pickup.Reservation
    | pickup.PickupOrder
    | pickup.PickupOrders
    | pickup.Staging
    | till.Basket
    | robot.Lease
    | robot.StopState
    | robot.Task
    | robot.NoTask
    | robot.Tasks
    | operation.Health
    | operation.PilotGroups
    | Problem
)
GatewayRequest = (
    visit.TourRequest | visit.TourCancel | advice.RecommendRequest | memory.RecallShopper | memory.ForgetCopy
)
GatewayReply = visit.TourAccepted | advice.Recommended | visit.Noted | memory.Memory | Problem
PairingRequest = pairing.Offer | pairing.Opening
PairingReply = pairing.OfferTaken | pairing.OpeningTaken | Problem
KeysRequest = (
    pairing.OpenPairing | pairing.ClosePairing | pairing.PairingQuery | pairing.EnterCode | pairing.ServerKeysQuery
)
KeysReply = pairing.PairingState | pairing.Paired | pairing.ServerKeys | Problem

__all__ = [
    "MAX_MESSAGE_BYTES",
    "PROTOCOL_VERSION",
    "BackendReply",
    "BackendRequest",
    "FreeText",
    "GatewayReply",
    "GatewayRequest",
    "KeysReply",
    "KeysRequest",
    "MalformedMessage",
    "Message",
    "PairingReply",
    "PairingRequest",
    "Problem",
    "ProblemCode",
    "Reply",
    "Request",
    "advice",
    "care",
    "complaints",
    "journey",
    "memory",
    "operation",
    "pairing",
    "pickup",
    "robot",
    "staff",
    "store",
    "till",
    "visit",
]
