"""What catalog's API refuses for reasons of its own."""

from shared.i18n import N_
from shared.web.problem_types import ProblemType

PROBLEM_TYPES = (
    ProblemType(
        "meeting-unknown",
        404,
        N_("There is no such meeting, or you may not know of it yet."),
        N_("Look it up in the list of meetings; drafts show to organisers of their region only."),
    ),
    ProblemType(
        "series-unknown",
        404,
        N_("There is no series of this name with a meeting that is yours."),
        N_("Look up its name in the list of meetings, and write it in the address percent-encoded."),
    ),
    ProblemType(
        "manifest-unknown",
        404,
        N_("There is no such manifest."),
        N_("Look it up in the list of manifests."),
    ),
    ProblemType(
        "knowledge-unknown",
        404,
        N_("There is no such piece of knowledge, or you may not know of it yet."),
        N_("Look it up in the list of knowledge; drafts show to organisers only."),
    ),
    ProblemType(
        "expert-unknown",
        404,
        N_("There is no such expert, or no longer."),
        N_("Look them up in the list of experts."),
    ),
    ProblemType(
        "story-unknown",
        404,
        N_("There is no such story, or it is not published."),
        N_("Look it up in the list of stories."),
    ),
    ProblemType(
        "meeting-cancelled",
        409,
        N_("This meeting was cancelled and can no longer be changed."),
        N_("Draft a new meeting."),
    ),
    ProblemType(
        "meeting-held",
        409,
        N_("This meeting is over and cannot be moved."),
        N_("Leave its times out of the change, or draft a new meeting."),
    ),
    ProblemType(
        "meeting-not-a-draft",
        409,
        N_("Only a draft can be published."),
        N_("Fetch the meeting: it may have been published already."),
    ),
    ProblemType(
        "meeting-not-published",
        409,
        N_("Only a meeting that is still to come can be cancelled."),
        N_("Fetch the meeting: a draft needs no cancellation, and one that is over or cancelled stays what it is."),
    ),
    ProblemType(
        "word-unknown",
        404,
        N_("There is no word with this code."),
        N_("Look it up in the list of its kind; write an official address in the path percent-encoded."),
    ),
    ProblemType(
        "file-unknown",
        404,
        N_("There is no such file, or it is not for you, or not yet."),
        N_("Look it up in the list of files of its meeting or piece of knowledge."),
    ),
    ProblemType(
        "files-missing",
        404,
        N_("This meeting has no files that you may have."),
        N_("Look at its list of files; some are only there after the meeting."),
    ),
    ProblemType(
        "file-needed",
        409,
        N_("Everyone reads this document because of its file."),
        N_("Put another file in its place, or withdraw the piece of knowledge first."),
    ),
    ProblemType(
        "file-too-large",
        413,
        N_("There is more in this file than can be taken at once: 2 MB or 2,000 meetings."),
        N_("Send it in parts."),
    ),
    ProblemType(
        "file-refused",
        400,
        N_("Nothing of this file can be used: it is broken, or no calendar or spreadsheet for everyone to read."),
        N_("Look at the code in errors; export the file anew, with METHOD absent or PUBLISH."),
    ),
)
