"""MW82x: lists on Spark."""

from mailweave.diagnostics.model import Code, Severity

_E = Severity.ERROR

CODES: tuple[Code, ...] = (
    Code(
        "MW821",
        "spark-not-started",
        _E,
        "Spark cannot start: {what}",
        "Spark 4 needs Java 17 or later: install a JRE (Debian: openjdk-17-jre-headless), or set JAVA_HOME",
    ),
    Code(
        "MW822",
        "campaign-changed-on-the-way",
        _E,
        "a Spark worker has another campaign than the driver: {what}",
        "install the same versions of mailweave and its packages for the driver and for all workers",
        why="Two versions may render two different mails from one campaign; nobody could tell who got which.",
    ),
    Code(
        "MW823",
        "spark-job-failed",
        _E,
        "Spark gave up: {what}",
        "nothing was committed; the log of Spark says more",
    ),
    Code("MW824", "not-on-spark", _E, "Spark cannot take {what}", "{todo}"),
)
