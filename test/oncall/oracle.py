"""Who is on call, told by another language's time-zone library: slow and obvious, after lifecycle section 10 alone.

usage: oracle.py SEED CASES > table.json
A table of random schedules, and of some at the hours that clocks show twice, and for each the instants at which who is on call changes, over three years. A local time
is turned into an instant by looking at every change of the zone's offset; nothing here is shared with domain/.
"""
import calendar
import json
import platform
import random
import sys
from bisect import bisect_right
from datetime import datetime, timedelta, timezone
from pathlib import Path
from zoneinfo import ZoneInfo

ZONES = [
    "UTC", "Asia/Shanghai", "Asia/Kathmandu", "Asia/Tehran", "Europe/Berlin", "Europe/Dublin", "America/New_York",
    "America/St_Johns", "America/Sao_Paulo", "Australia/Lord_Howe", "Africa/Casablanca", "Antarctica/Troll",
    "Pacific/Apia", "Africa/Cairo", "Pacific/Chatham",
]
FROM, TO = datetime(2024, 1, 1, tzinfo=timezone.utc), datetime(2027, 1, 1, tzinfo=timezone.utc)
EPOCH = datetime(1970, 1, 1)
DAYS = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]


def utc_minute(minute):
    return datetime.fromtimestamp(minute * 60, timezone.utc)


def offset(zone, minute):
    return int(utc_minute(minute).astimezone(ZoneInfo(zone)).utcoffset().total_seconds() // 60)


FIRST = int(FROM.timestamp() // 60) - 200 * 1440
LAST = int(TO.timestamp() // 60) + 200 * 1440


def offsets(zone):
    """[(first minute, offset)] over the years of the table, by a look at every quarter of an hour."""
    found = []
    for minute in range(FIRST, LAST, 15):
        now = offset(zone, minute)
        if not found or found[-1][1] != now:
            found.append((minute, now))
    return found


CLOCKS = {}


def clock(zone):
    if zone not in CLOCKS:
        CLOCKS[zone] = offsets(zone)
    return CLOCKS[zone]


def occurrences(local, zone):
    """Every UTC minute at which the zone's clock shows this local time: none, one or two."""
    minute = int((local - EPOCH).total_seconds() // 60)
    changes = clock(zone)
    found = []
    for index, (begins, ahead) in enumerate(changes):
        ends = changes[index + 1][0] if index + 1 < len(changes) else LAST
        if begins <= minute - ahead < ends:
            found.append(minute - ahead)
    return found


def after_the_gap(local, zone):
    """The first minute after the jump that leaves this local time out."""
    minute = int((local - EPOCH).total_seconds() // 60)
    changes = clock(zone)
    for (_, before), (at, after) in zip(changes, changes[1:]):
        if at + before <= minute < at + after:
            return at
    raise ValueError(f"{local} in {zone}: outside of the table's years")


def as_start(local, zone):
    found = occurrences(local, zone)
    return found[0] if found else after_the_gap(local, zone)


def as_end(local, zone):
    found = occurrences(local, zone)
    return found[-1] if found else after_the_gap(local, zone)


def hand_offs(layer, zone):
    """[(minute, user, number)] in order. Of several at one minute only the last has any time."""
    start = datetime.fromisoformat(layer["start"])
    every, unit = layer["rotate"]["every"], layer["rotate"]["unit"]
    found, number, local = [], 0, start
    while local < TO.replace(tzinfo=None) + timedelta(days=20):
        at = as_start(local, zone)
        user = layer["users"][number % len(layer["users"])]
        if found and found[-1][0] == at:
            found[-1] = (at, user, number)
        else:
            found.append((at, user, number))
        number += 1
        if unit == "month":
            months = start.month - 1 + number * every
            year, month = start.year + months // 12, months % 12 + 1
            local = start.replace(year=year, month=month, day=min(start.day, calendar.monthrange(year, month)[1]))
        else:
            local = start + number * every * {"hour": timedelta(hours=1), "day": timedelta(1), "week": timedelta(7)}[unit]
    return found


def on_day(day, text):
    hours, minutes = text.split(":")
    return day + timedelta(hours=int(hours), minutes=int(minutes))


def windows(layer, zone):
    """[(from, to)] in minutes, or None for always."""
    if not layer["restrictions"]:
        return None
    found = []
    day = (FROM - timedelta(20)).replace(tzinfo=None)
    while day < TO.replace(tzinfo=None) + timedelta(20):
        for one in layer["restrictions"]:
            if one["kind"] == "daily" and DAYS[day.weekday()] in one["days"]:
                begin, end = on_day(day, one["from"]), on_day(day, one["to"])
                if end <= begin:
                    end = on_day(day + timedelta(1), one["to"])
                found.append((as_start(begin, zone), as_end(end, zone)))
            if one["kind"] == "weekly" and DAYS[day.weekday()] == one["from"]["day"]:
                begin = on_day(day, one["from"]["time"])
                last = day
                while DAYS[last.weekday()] != one["to"]["day"] or on_day(last, one["to"]["time"]) <= begin:
                    last += timedelta(1)
                found.append((as_start(begin, zone), as_end(on_day(last, one["to"]["time"]), zone)))
        day += timedelta(1)
    return found


def absences(user):
    found = []
    for one in user["away"]:
        begin, end = datetime.fromisoformat(one["from"]), datetime.fromisoformat(one["to"])
        found.append((as_start(begin, user["timezone"]), as_end(end, user["timezone"])))
    return found


def changes_of(case):
    """[[minute, user or None, layer or None]]: who is on call from then on, with an entry wherever person, layer or turn change."""
    zone = case["timezone"]
    first, last = int(FROM.timestamp() // 60), int(TO.timestamp() // 60)
    away = {user["id"]: absences(user) for user in case["users"]}
    layers = [(hand_offs(layer, zone), windows(layer, zone)) for layer in case["layers"]]
    begins = [[at for at, _, _ in turns] for turns, _ in layers]
    moments = {first}
    for turns, open_at in layers:
        moments.update(at for at, _, _ in turns)
        moments.update(at for pair in open_at or [] for at in pair)
    moments.update(at for pairs in away.values() for pair in pairs for at in pair)
    found, before = [], "nothing yet"
    for at in sorted(moment for moment in moments if first <= moment < last):
        now = None
        for index in reversed(range(len(layers))):
            turns, open_at = layers[index]
            position = bisect_right(begins[index], at) - 1
            if position < 0:
                continue
            _, user, number = turns[position]
            if open_at is not None and not any(begin <= at < end for begin, end in open_at):
                continue
            if any(begin <= at < end for begin, end in away[user]):
                continue
            now = (user, index, number)
            break
        if now != before:
            found.append([at, now[0] if now else None, now[1] if now else None])
        before = now
    return found


def near_a_change(chance, zone):
    """A local time: a quarter of an hour, mostly within a day and a half of a change of the clock."""
    changes = [at for at, _ in clock(zone)[1:] if FROM.timestamp() <= at * 60 < TO.timestamp()]
    if changes and chance.random() < 0.7:
        at = chance.choice(changes) + chance.randrange(-96, 96) * 15
    else:
        at = int(FROM.timestamp() // 60) + chance.randrange(1090 * 96) * 15
    return EPOCH + timedelta(minutes=at + offset(zone, at) // 15 * 15)


def time_of_day(chance):
    return f"{chance.choice([0, 0, 1, 1, 2, 2, 3, 5, 9, 12, 17, 21, 23]):02}:{chance.choice([0, 0, 15, 30, 45]):02}"


def restriction(chance):
    while True:
        start, end = time_of_day(chance), time_of_day(chance)
        if chance.random() < 0.1:
            end = "24:00"
        if chance.random() < 0.6:
            if start != end:
                return {"kind": "daily", "days": sorted(chance.sample(DAYS, chance.randint(1, 7)), key=DAYS.index), "from": start, "to": end}
        else:
            days = chance.choice([("fri", "mon"), ("sat", "sun"), ("sun", "sun"), (chance.choice(DAYS), chance.choice(DAYS))])
            if days[0] != days[1] or start != end:
                return {"kind": "weekly", "from": {"day": days[0], "time": start}, "to": {"day": days[1], "time": end}}


def random_case(chance, zone):
    users = []
    for name in ["ana", "bob", "cho"]:
        home = chance.choice([zone, chance.choice(ZONES)])
        away = []
        for _ in range(chance.choice([0, 0, 1, 3])):
            begin = near_a_change(chance, home)
            end = begin + timedelta(minutes=chance.choice([15, 30, 60, 90, 600, 1440, 20000, 200000]))
            if chance.random() < 0.3:
                begin, end = begin.replace(hour=0, minute=0), begin.replace(hour=0, minute=0) + timedelta(chance.randint(1, 20))
                away.append({"from": begin.date().isoformat(), "to": end.date().isoformat()})
            else:
                away.append({"from": begin.isoformat(timespec="minutes"), "to": end.isoformat(timespec="minutes")})
        users.append({"id": name, "timezone": home, "away": away})
    layers = []
    for index in range(chance.choice([1, 1, 2, 3])):
        unit = chance.choice(["hour", "day", "day", "week", "month"])
        every = chance.choice([1, 2, 3, 6, 7] if unit != "hour" else [1, 1, 5, 6, 8, 12, 37])
        start = near_a_change(chance, zone)
        if unit == "month" and chance.random() < 0.6:
            start = start.replace(month=chance.choice([1, 3, 5, 8, 10, 12]), day=chance.choice([29, 30, 31]))
        if unit == "hour" and every < 5:
            start = max(start, datetime(2026, 9, 1)) if chance.random() < 0.5 else near_the_end(chance, zone)
        layers.append({
            "start": start.isoformat(timespec="minutes"),
            "rotate": {"every": every, "unit": unit},
            "users": chance.sample(["ana", "bob", "cho"], chance.randint(1, 3)),
            "restrictions": [restriction(chance) for _ in range(chance.choice([0, 0, 1, 2]))],
        })
    return {"timezone": zone, "users": users, "layers": layers}


def doubled_times(zone):
    """A local time of each hour that the zone's clock shows twice in the table's years."""
    changes = clock(zone)
    for (_, before), (at, after) in zip(changes, changes[1:]):
        if after < before and FROM.timestamp() <= at * 60 < TO.timestamp():
            yield EPOCH + timedelta(minutes=at + (before + after) // 2)


def doubled_cases(zone, number):
    """Absences and a restriction that begin or end at a time that exists twice: chance seldom makes them."""
    times = list(doubled_times(zone))
    if len(times) < 2:
        return []
    written = [time.isoformat(timespec="minutes") for time in times]
    away = [
        {"from": written[0], "to": (times[0] + timedelta(2)).isoformat(timespec="minutes")},
        {"from": (times[1] - timedelta(2)).isoformat(timespec="minutes"), "to": written[1]},
    ]
    at = {"day": DAYS[times[0].weekday()], "time": written[0][-5:]}
    other = {"day": DAYS[(times[0].weekday() + 3) % 7], "time": "12:00"}
    window = {"kind": "weekly", "from": at, "to": other} if number % 2 else {"kind": "weekly", "from": other, "to": at}
    users = [{"id": "ana", "timezone": zone, "away": away}, {"id": "bob", "timezone": zone, "away": []}]
    layer = {"start": "2024-01-05T09:00", "rotate": {"every": 1, "unit": "month"}, "restrictions": []}
    below, absent = {**layer, "users": ["bob"]}, {**layer, "users": ["ana"]}
    covering = {**layer, "users": ["bob"], "restrictions": [window]}
    unbroken = [{**users[0], "away": []}, users[1]]
    return [
        {"timezone": zone, "users": users, "layers": [below, absent]},
        {"timezone": zone, "users": unbroken, "layers": [absent, covering]},
    ]


def near_the_end(chance, zone):
    """Few turns follow: the table stays small."""
    changes = [at for at, _ in clock(zone)[1:] if at * 60 < TO.timestamp()]
    at = max(changes[-1:] + [int(TO.timestamp() // 60) - 40 * 1440]) - 1440 - chance.randrange(96) * 15
    return EPOCH + timedelta(minutes=at + offset(zone, at) // 15 * 15)


def data_version():
    for folder in ["/usr/share/zoneinfo", "/usr/lib/zoneinfo"]:
        for name in ["tzdata.zi", "+VERSION"]:
            path = Path(folder, name)
            if path.exists():
                return path.read_text().split("\n")[0].removeprefix("# version ")
    return "unknown"


def main():
    seed, count = int(sys.argv[1]), int(sys.argv[2])
    chance = random.Random(seed)
    cases = []
    for number in range(count):
        case = random_case(chance, ZONES[number % len(ZONES)])
        cases.append({**case, "changes": changes_of(case)})
    for number, zone in enumerate(ZONES):
        cases += [{**case, "changes": changes_of(case)} for case in doubled_cases(zone, number)]
    # The whole of a zone's clock, so that different zone data are told from a wrong rule.
    zones = {zone: [[at, ahead] for at, ahead in clock(zone)] for zone in ZONES}
    made = {"python": platform.python_version(), "tzdata": data_version(), "seed": seed}
    first, last = int(FROM.timestamp() // 60), int(TO.timestamp() // 60)
    json.dump({"made": made, "from": first, "to": last, "until": LAST, "zones": zones, "cases": cases}, sys.stdout, separators=(",", ":"))


main()
