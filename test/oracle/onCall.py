#!/usr/bin/env python3
"""Who is on call, worked out by another language with another time-zone library: slow, obvious, and written from
lifecycle section 10 alone. Prints a table as JSON: schedules, and who is on call at many instants of three years.

    python3 test/oracle/onCall.py SEED SCHEDULES_PER_ZONE > test/fixtures/onCall.json
"""
import bisect
import json
import platform
import random
import sys
from datetime import datetime, timedelta, timezone
from zoneinfo import ZoneInfo

ZONES = [
    "America/New_York", "America/St_Johns", "America/Santiago", "America/Havana", "Europe/Berlin", "Europe/Dublin",
    "Asia/Jerusalem", "Asia/Shanghai", "Asia/Kathmandu", "Australia/Lord_Howe", "Pacific/Chatham", "Pacific/Easter",
    "Antarctica/Troll", "Atlantic/Azores",
]
FROM, TO = datetime(2024, 1, 1), datetime(2027, 1, 1)
UTC = timezone.utc
DAYS = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
SECOND = timedelta(seconds=1)


def instants(local, zone):
    """(first, last) instants at which the clock of `zone` shows `local`; of a time that the clock jumps over, twice the first instant after."""
    readings = {local.replace(tzinfo=zone, fold=fold).astimezone(UTC) for fold in (0, 1)}
    shown = sorted(at for at in readings if at.astimezone(zone).replace(tzinfo=None) == local)
    if shown:
        return shown[0], shown[-1]
    # It was jumped over: the jump lies between the two readings, and is found to the second.
    before, after = min(readings), max(readings)
    while after - before > SECOND:
        middle = before + (after - before) // 2
        middle = middle.replace(microsecond=0)
        if middle.astimezone(zone).utcoffset() == before.astimezone(zone).utcoffset():
            before = middle
        else:
            after = middle
    return after, after


def first(local, zone):
    return instants(local, zone)[0]


def last(local, zone):
    return instants(local, zone)[1]


def month_later(local, months):
    month = local.month - 1 + months
    year, month = local.year + month // 12, month % 12 + 1
    for day in (local.day, 30, 29, 28):
        if day <= local.day:
            try:
                return local.replace(year=year, month=month, day=day)
            except ValueError:
                pass


def local_of(text):
    return datetime.fromisoformat(text)


def midnight(day, text):
    """A time of day as minutes after midnight: `24:00` is the end of the day."""
    hours, minutes = text.split(":")
    return day + timedelta(hours=int(hours), minutes=int(minutes))


def hand_offs(layer, zone):
    """The instants of all hand-offs until the end, one after another."""
    start, every, unit = local_of(layer["start"]), layer["rotate"]["every"], layer["rotate"]["unit"]
    found, number = [], 0
    while not found or found[-1] < TO.replace(tzinfo=UTC):
        if unit == "month":
            local = month_later(start, number * every)
        else:
            local = start + number * every * {"hour": timedelta(hours=1), "day": timedelta(days=1), "week": timedelta(weeks=1)}[unit]
        found.append(first(local, zone))
        number += 1
    return found


def windows(restriction, zone):
    found = []
    day = FROM - timedelta(days=10)
    while day < TO + timedelta(days=10):
        name = DAYS[day.weekday()]
        if restriction["kind"] == "daily":
            if name in restriction["days"]:
                begins, ends = midnight(day, restriction["from"]), midnight(day, restriction["to"])
                if ends <= begins:
                    ends += timedelta(days=1)
                found.append((first(begins, zone), last(ends, zone)))
        elif name == restriction["from"]["day"]:
            begins = midnight(day, restriction["from"]["time"])
            ends = day
            while DAYS[ends.weekday()] != restriction["to"]["day"]:
                ends += timedelta(days=1)
            ends = midnight(ends, restriction["to"]["time"])
            if ends <= begins:
                ends += timedelta(days=7)
            found.append((first(begins, zone), last(ends, zone)))
        day += timedelta(days=1)
    return found


def inside(found, at):
    return any(begins <= at < ends for begins, ends in found)


class Known:
    """A schedule with all its hand-offs, windows and absences as instants."""

    def __init__(self, schedule, users):
        zone = ZoneInfo(schedule["timezone"])
        self.layers = [
            (hand_offs(layer, zone), layer["users"], [windows(one, zone) for one in layer["restrictions"]])
            for layer in schedule["layers"]
        ]
        self.away = {
            name: [
                (first(local_of(one["from"]), ZoneInfo(user["timezone"])), last(local_of(one["to"]), ZoneInfo(user["timezone"])))
                for one in user["away"]
            ]
            for name, user in users.items()
        }

    def on_call(self, at):
        for turns, users, restrictions in reversed(self.layers):
            number = bisect.bisect_right(turns, at) - 1
            if number < 0:
                continue
            if restrictions and not any(inside(found, at) for found in restrictions):
                continue
            user = users[number % len(users)]
            if not inside(self.away[user], at):
                return user
        return None

    def edges(self):
        for turns, _, restrictions in self.layers:
            yield from turns
            for found in restrictions:
                for window in found:
                    yield from window
        for found in self.away.values():
            for window in found:
                yield from window


def transitions(name):
    """When the offset of a zone changes in the three years, to the second."""
    zone, found = ZoneInfo(name), []
    at = FROM.replace(tzinfo=UTC)
    while at < TO.replace(tzinfo=UTC):
        after = at + timedelta(hours=6)
        if after.astimezone(zone).utcoffset() != at.astimezone(zone).utcoffset():
            low, high = at, after
            while high - low > SECOND:
                middle = (low + (high - low) // 2).replace(microsecond=0)
                if middle.astimezone(zone).utcoffset() == low.astimezone(zone).utcoffset():
                    low = middle
                else:
                    high = middle
            found.append(high)
        at = after
    return found


def time_of_day(chance, end=False):
    if end and chance.random() < 0.1:
        return "24:00"
    # Around the hours at which clocks change, as often as not.
    hour = chance.choice([0, 1, 2, 3]) if chance.random() < 0.5 else chance.randrange(24)
    return "%02d:%02d" % (hour, chance.choice([0, 0, 15, 30, 45]))


def restriction(chance):
    while True:
        if chance.random() < 0.6:
            days = sorted(chance.sample(DAYS, chance.randint(1, 7)), key=DAYS.index)
            one = {"kind": "daily", "days": days, "from": time_of_day(chance), "to": time_of_day(chance, True)}
        else:
            ends = [{"day": chance.choice(DAYS), "time": time_of_day(chance)} for _ in range(2)]
            one = {"kind": "weekly", "from": ends[0], "to": ends[1]}
        if one["from"] != one["to"]:
            return one


def layer(chance, changes, people):
    unit = chance.choice(["hour", "day", "week", "month"])
    # Not long before a change of the clocks, or at any time; months also from their last days.
    near = chance.choice(changes).replace(tzinfo=None) if changes and chance.random() < 0.4 else None
    start = (near - timedelta(days=chance.randint(1, 40))) if near else FROM + timedelta(days=chance.randint(-200, 500))
    hour, minute = time_of_day(chance).split(":")
    day = chance.choice([29, 30, 31]) if unit == "month" and chance.random() < 0.5 else start.day
    try:
        start = start.replace(day=day)
    except ValueError:
        pass
    start = start.replace(hour=int(hour), minute=int(minute), second=0, microsecond=0)
    every = chance.choice({"hour": [1, 2, 3, 5, 6, 12], "day": [1, 1, 2, 5], "week": [1, 1, 2], "month": [1, 1, 3]}[unit])
    return {
        "start": start.strftime("%Y-%m-%dT%H:%M"),
        "rotate": {"every": every, "unit": unit},
        "users": chance.sample(people, chance.randint(1, len(people))),
        "restrictions": [restriction(chance) for _ in range(chance.choice([0, 0, 1, 1, 2]))],
    }


def absence(chance, changes):
    start = chance.choice(changes).replace(tzinfo=None) if changes and chance.random() < 0.4 else FROM + timedelta(days=chance.randint(0, 1050))
    end = start + timedelta(days=chance.randint(1, 40))
    if chance.random() < 0.5:
        return {"from": start.strftime("%Y-%m-%d"), "to": end.strftime("%Y-%m-%d")}
    return {"from": start.strftime("%Y-%m-%dT") + time_of_day(chance), "to": end.strftime("%Y-%m-%dT") + time_of_day(chance)}


def case(chance, name, probes):
    changes = transitions(name)
    people = ["ana", "bob", "cho", "dee"][: chance.randint(1, 4)]
    users = {
        one: {
            "timezone": name if chance.random() < 0.5 else chance.choice(ZONES),
            "away": [absence(chance, changes) for _ in range(chance.choice([0, 0, 1, 2]))],
        }
        for one in people
    }
    schedule = {"timezone": name, "layers": [layer(chance, changes, people) for _ in range(chance.choice([1, 2, 2, 3]))]}
    known = Known(schedule, users)
    low, high = FROM.replace(tzinfo=UTC), TO.replace(tzinfo=UTC) - timedelta(days=1)
    edges = sorted({edge for edge in known.edges() if low < edge < high})
    close = [edge for edge in edges if any(abs(edge - change) < timedelta(days=2) for change in changes)]
    times = set()
    while len(times) < probes:
        kind = chance.random()
        if kind < 0.4 and close:
            at = chance.choice(close) + chance.choice([-1, 0, 0, 1]) * SECOND
        elif kind < 0.6 and edges:
            at = chance.choice(edges) + chance.choice([-1, 0, 0, 1]) * SECOND
        elif kind < 0.8 and changes:
            at = chance.choice(changes) + timedelta(minutes=chance.randint(-240, 240))
        else:
            at = low + timedelta(seconds=chance.randrange(int((high - low).total_seconds())))
        times.add(at)
    answers = [[int(at.timestamp()), known.on_call(at)] for at in sorted(times)]
    return {"schedule": schedule, "users": users, "onCall": answers}


def zone_data():
    try:
        with open("/usr/share/zoneinfo/tzdata.zi", encoding="ascii") as file:
            return file.readline().strip("# \n")
    except OSError:
        return "unknown"


def main(seed, count, probes=90):
    chance = random.Random(seed)
    offsets = {
        name: [[int(at.timestamp()), int(at.astimezone(ZoneInfo(name)).utcoffset().total_seconds())] for at in transitions(name)]
        for name in ZONES
    }
    cases = [case(chance, name, probes) for name in ZONES for _ in range(count)]
    made = {"python": platform.python_version(), "zones": zone_data(), "seed": seed}
    lines = ",\n".join(json.dumps(one, separators=(",", ":")) for one in cases)
    print('{"made":%s,\n"offsets":%s,\n"cases":[\n%s\n]}' % (json.dumps(made), json.dumps(offsets, separators=(",", ":")), lines))


main(int(sys.argv[1]), int(sys.argv[2]))
