"""A limit to how long a shopper waits: what the ranking cannot say in time is answered from what the store sells."""

from __future__ import annotations

import logging
import threading
from concurrent.futures import Future, ThreadPoolExecutor

from aisle.messages import Problem
from aisle.messages.advice import Recommended, RecommendRequest
from aisle_inference.advice.adviser import Adviser

_LOG = logging.getLogger(__name__)
_LIMIT_S = 0.25

Reply = Recommended | Problem


class TimelyAdviser:
    """Asks the adviser in a thread of its own, one question at a time."""

    def __init__(self, adviser: Adviser, limit_s: float = _LIMIT_S) -> None:
        self._adviser = adviser
        self._limit_s = limit_s
        self._worker = ThreadPoolExecutor(max_workers=1, thread_name_prefix="adviser")
        self._asking = threading.Lock()
        self._last: Future[Reply] | None = None

    def recommend(self, request: RecommendRequest, time_d: float) -> Reply:
        """Return the adviser's answer, or popularity with a note when it is too slow or fails."""
        with self._asking:
            if self._last is not None and not self._last.done():
                return self._adviser.by_sales(request, "the ranking is still busy with an earlier question")
            self._last = answer = self._worker.submit(self._adviser.recommend, request, time_d)
        try:
            return answer.result(self._limit_s)
        except TimeoutError:
            return self._adviser.by_sales(request, f"the ranking took longer than {self._limit_s:g} s")
        except Exception:
            # Whatever is wrong with the ranking, the shopper gets an answer and the log gets the cause.
            _LOG.exception("the ranking failed")
            return self._adviser.by_sales(request, "the ranking failed; the log says why")

    def close(self) -> None:
        """Take no more questions."""
        self._worker.shutdown(wait=False, cancel_futures=True)
