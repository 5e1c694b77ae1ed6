"""The chaos run, small: what `lockstep chaos` does to a deployment, on the embedded Valkey and on a cluster."""

from pathlib import Path

from lockstep_bus import EventBus, connect
from lockstep_bus.settings import BusSettings
from lockstep_cli.chaos_report import Report, Tally
from lockstep_cli.chaos_run import BusField, Plan, run_chaos
from support.cluster import cluster

PLAN = Plan(events=10_000, sessions=3, viewers=2, seed=4)


async def check(bus: EventBus) -> None:
    async with bus:
        report = await run_chaos(PLAN, BusField(bus, may_cut=True), bus.contract, lambda _: None)
    assert report.clean, report.figures
    assert report.figures["received"] == PLAN.events * PLAN.viewers
    assert (report.sent, report.figures["gaps_announced"]) == (PLAN.events, 0)
    assert report.cuts > 0


async def test_on_the_embedded_valkey(tmp_path: Path) -> None:
    await check(connect(settings=BusSettings(data_dir=tmp_path, redis_url=None)))


async def test_on_a_cluster() -> None:
    with cluster() as nodes:
        await check(connect(nodes.url))


def test_the_tally_sees_every_kind_of_fault() -> None:
    tally = Tally()
    for number in (0, 1, 1, 4, 3, 5):
        tally.event(number)
    assert (tally.received, tally.duplicated, tally.reordered, tally.missing) == (6, 1, 1, {2})
    tally.gap()
    tally.event(9)
    assert (tally.gaps, tally.missing, tally.next) == (1, {2}, 10)
    assert not Report(1, tallies=[tally]).clean
