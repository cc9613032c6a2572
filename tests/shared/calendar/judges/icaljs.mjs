// Judge: ical.js, the parser of Thunderbird and Nextcloud. It takes the zone from the file itself.
import { readFileSync } from "node:fs";
import ICAL from "ical.js";

const calendar = new ICAL.Component(ICAL.parse(readFileSync(process.argv[2], "utf8")));
for (const zone of calendar.getAllSubcomponents("vtimezone")) {
  ICAL.TimezoneService.register(zone);
}

const instant = (time) => new Date(time.toUnixTime() * 1000).toISOString();

const readings = calendar.getAllSubcomponents("vevent").map((component) => {
  const event = new ICAL.Event(component);
  const attendee = component.getFirstProperty("attendee");
  return {
    method: calendar.getFirstPropertyValue("method"),
    uid: event.uid,
    sequence: event.sequence,
    starts_at: instant(event.startDate),
    ends_at: instant(event.endDate),
    summary: event.summary,
    description: event.description,
    location: event.location,
    status: component.getFirstPropertyValue("status"),
    attendee: attendee && attendee.getFirstValue(),
    partstat: attendee && attendee.getParameter("partstat"),
    geo: component.getFirstPropertyValue("geo"),
  };
});
process.stdout.write(JSON.stringify(readings));
