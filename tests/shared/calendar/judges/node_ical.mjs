// Judge: node-ical, a line-by-line parser that knows the zones by name.
import ical from "node-ical";

const parsed = Object.values(ical.sync.parseFile(process.argv[2]));
const calendar = parsed.find((each) => each.type === "VCALENDAR") ?? {};
const text = (value) => value?.val ?? value ?? "";

const readings = parsed
  .filter((each) => each.type === "VEVENT")
  .map((event) => ({
    method: event.method ?? calendar.method ?? null,
    uid: event.uid,
    sequence: Number(event.sequence),
    starts_at: event.start.toISOString(),
    ends_at: event.end.toISOString(),
    summary: text(event.summary),
    description: text(event.description),
    location: text(event.location),
    status: event.status,
    attendee: event.attendee?.val ?? null,
    partstat: event.attendee?.params?.PARTSTAT ?? null,
    geo: event.geo ? [event.geo.lat, event.geo.lon] : null,
  }));
process.stdout.write(JSON.stringify(readings));
