"""States travel: between processes, threads and through bytes; and nothing hangs."""

from __future__ import annotations

import concurrent.futures
import faulthandler
import multiprocessing
import pickle
import random
import sys
import threading
import time
from collections.abc import Iterator
from typing import Any

import pytest
import tenure
from conftest import NEEDED

AS_OF = "2027-01-01"
PARTS = 4


@pytest.fixture(autouse=True)
def _watchdog() -> Iterator[None]:
    """End the tests, with the stacks of all threads, if one of them hangs."""
    faulthandler.dump_traceback_later(120, exit=True, file=sys.__stderr__)
    yield
    faulthandler.cancel_dump_traceback_later()


def tables() -> dict[str, tenure.Rows]:
    return tenure.sample.company(accounts=30, months=6)


def partial(kpi: str, part: int) -> tenure.State:
    """Compute a part, in whatever process this runs."""
    every: dict[str, Any] = {"every": "month"} if kpi == "nps_delta" else {}
    return tenure.Book(**tables()).partial(kpi, part=part, of=PARTS, as_of=AS_OF, **every)


def merged(states: list[tenure.State]) -> tenure.State:
    first, *others = states
    for other in others:
        first = first.merge(other)
    return first


def test_the_promise() -> None:
    book = tenure.Book(surveys={"survey_id": [1, 2, 3, 4], "score": [10, 9, 7, 3]})
    p = book.partial("nps", part=0, of=4, as_of=AS_OF)
    q = tenure.State.decode(p.encode())
    assert p == q
    assert hash(p) == hash(q)
    rest = [book.partial("nps", part=part, of=4, as_of=AS_OF) for part in (1, 2, 3)]
    assert merged([q, *rest]).finish().only().value == 25.0
    assert (p.kpi, p.request["kpi"]) == ("nps", "nps")
    assert repr(p).startswith('State of {"kpi":"nps"')


def test_parts_in_any_order_give_the_whole() -> None:
    book = tenure.Book(**tables())
    chance = random.Random(1)
    for card in tenure.catalog():
        options: dict[str, Any] = {"as_of": AS_OF, **NEEDED.get(card.id, {})}
        if card.family in ("usage", "performance"):
            # What counts time in which nothing happened needs bounds: a part does not know how far the others reach.
            options |= {"start": "2024-01-01", "end": AS_OF}
        whole = book.partial(card.id, **options)
        if card.splits == "whole":
            with pytest.raises(tenure.InvalidRequestError, match="cannot be split"):
                book.partial(card.id, part=0, of=PARTS, **options)
            continue
        parts = [book.partial(card.id, part=part, of=PARTS, **options) for part in range(PARTS)]
        chance.shuffle(parts)
        together = merged([tenure.State.decode(part.encode()) for part in parts])
        assert together == whole, card.id
        assert together.finish().to_dicts() == book.compute(card.id, **options).to_dicts()
        # Neither merging nor finishing changes a state.
        assert whole.finish().to_dicts() == whole.finish().to_dicts()


def test_states_pickle() -> None:
    state = tenure.Book(surveys={"score": [10, 9]}).partial("nps", as_of=AS_OF)
    for protocol in range(pickle.HIGHEST_PROTOCOL + 1):
        assert pickle.loads(pickle.dumps(state, protocol)) == state


def test_states_that_do_not_fit() -> None:
    book = tenure.Book(surveys={"score": [10, 9]})
    state = book.partial("nps", as_of=AS_OF)
    for other in (
        book.partial("nps", as_of="2026-01-01"),
        book.partial("nps", as_of=AS_OF, policy={"interval": "t"}),
        book.partial("csat", as_of=AS_OF),
    ):
        with pytest.raises(tenure.errors.StateMismatchError):
            state.merge(other)
    assert state.finish().only().n == 2
    with pytest.raises(TypeError):
        state.merge(3)  # type: ignore[arg-type]
    with pytest.raises(tenure.errors.InvalidRequestError):
        book.partial("nps", part=4, of=4, as_of=AS_OF)


def test_damaged_bytes() -> None:
    good = tenure.Book(**tables()).partial("nps", as_of=AS_OF, every="month", by="segment").encode()
    kinds = (tenure.errors.CorruptStateError, tenure.errors.UnsupportedVersionError)
    for length in range(0, len(good), 7):
        with pytest.raises(kinds):
            tenure.State.decode(good[:length])
    for at in range(0, len(good), 5):
        damaged = bytearray(good)
        damaged[at] ^= 0x55
        with pytest.raises(kinds):
            tenure.State.decode(bytes(damaged))
    for foreign in (b"", b"TNRS", b"PAR1" * 10, bytes(100)):
        with pytest.raises(kinds):
            tenure.State.decode(foreign)


@pytest.mark.parametrize("method", ["fork", "spawn"])
@pytest.mark.filterwarnings("ignore:.*multi-threaded.*fork.*:DeprecationWarning")
def test_processes(method: str) -> None:
    if method not in multiprocessing.get_all_start_methods():
        pytest.skip(f"this system has no {method}")
    expected = tenure.Book(**tables()).compute("nps", as_of=AS_OF).to_dicts()
    context = multiprocessing.get_context(method)
    with concurrent.futures.ProcessPoolExecutor(2, mp_context=context) as pool:
        states = list(pool.map(partial, ["nps"] * PARTS, range(PARTS)))
    assert merged(states).finish().to_dicts() == expected


def test_threads_share_a_book() -> None:
    book = tenure.Book(**tables())
    kpis = [card.id for card in tenure.catalog()] * 4

    def answer(kpi: str) -> list[dict[str, Any]]:
        return book.compute(kpi, **NEEDED.get(kpi, {})).to_dicts()

    expected = {kpi: answer(kpi) for kpi in set(kpis)}
    with concurrent.futures.ThreadPoolExecutor(8) as pool:
        results = list(pool.map(lambda kpi: (kpi, answer(kpi)), kpis))
    assert all(rows == expected[kpi] for kpi, rows in results)


def test_other_threads_run_meanwhile() -> None:
    book = tenure.Book(surveys={"score": array_of(8_000_000), "segment": ["a", "b"] * 4_000_000})
    ticks = 0
    done = threading.Event()

    def tick() -> None:
        nonlocal ticks
        while not done.is_set():
            ticks += 1
            time.sleep(0.001)

    thread = threading.Thread(target=tick)
    thread.start()
    time.sleep(0.02)
    # Switches are rare now, so that only a released lock lets the other thread run.
    interval = sys.getswitchinterval()
    sys.setswitchinterval(10)
    try:
        before = ticks
        began = time.perf_counter()
        book.compute("nps", by="segment")
        elapsed = time.perf_counter() - began
        during = ticks - before
    finally:
        sys.setswitchinterval(interval)
        done.set()
        thread.join()
    if elapsed < 0.02:
        pytest.skip("the machine is too fast for this to tell anything")
    assert during >= 2


def array_of(length: int) -> Any:
    from array import array

    return array("b", bytes([10, 9, 7, 3]) * (length // 4))


def test_a_stream_that_calls_python_does_not_deadlock() -> None:
    pa = pytest.importorskip("pyarrow")

    def batches() -> Iterator[Any]:
        for _ in range(50):
            yield pa.record_batch({"score": [10, 9, 7, 3]})

    schema = pa.schema([("score", pa.int64())])
    with concurrent.futures.ThreadPoolExecutor(4) as pool:
        counts = pool.map(
            lambda _: tenure.Book(surveys=pa.RecordBatchReader.from_batches(schema, batches())).compute("nps").only().n,
            range(8),
        )
    assert list(counts) == [200] * 8


def test_an_interrupt_ends_a_series_of_computations() -> None:
    import signal

    book = tenure.Book(surveys={"score": array_of(400_000)})
    main = threading.get_ident()
    timer = threading.Timer(0.2, lambda: signal.pthread_kill(main, signal.SIGINT))
    # A process that was started in the background ignores interrupts, and Python leaves it at that.
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        timer.start()
        with pytest.raises(KeyboardInterrupt):
            for _ in range(1_000_000):
                book.compute("nps")
        timer.join()
    finally:
        signal.signal(signal.SIGINT, before)
