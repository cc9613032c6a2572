# Judge: icalendar of RubyGems, which GitLab and Redmine's calendars are made with. It takes the zone from the file itself.
require "icalendar"
require "json"
require "stringio"
require "time"

def instant(moment)
  moment.to_time.utc.iso8601
end

calendars = Icalendar::Calendar.parse(File.read(ARGV[0], encoding: "UTF-8"))
readings = calendars.flat_map do |calendar|
  calendar.events.map do |event|
    attendee = event.attendee.first
    {
      method: calendar.ip_method&.to_s,
      uid: event.uid.to_s,
      sequence: event.sequence.to_i,
      starts_at: instant(event.dtstart),
      ends_at: instant(event.dtend),
      summary: event.summary.to_s,
      description: event.description.to_s,
      location: event.location.to_s,
      status: event.status&.to_s,
      attendee: attendee&.to_s,
      partstat: attendee&.ical_params&.fetch("partstat")&.first,
      geo: event.geo&.to_a
    }
  end
end
puts JSON.generate(readings)
