"""MW82x: lists on Spark."""

from mailweave.diagnostics.model import Code, error

CODES: tuple[Code, ...] = (
    error(
        "MW821", "spark-not-started",
        "Spark cannot start: {what}",
        "Spark 4 needs Java 17 or later: install a JRE (Debian: openjdk-17-jre-headless), or set JAVA_HOME",
        "Spark runs in Java; without it there are no workers.",
    ),
    error(
        "MW822", "campaign-changed-on-the-way",
        "a Spark worker has another campaign than the driver: {what}",
        "install the same versions of mailweave and its packages for the driver and for all workers",
        why="Two versions may render two different mails from one campaign; nobody could tell who got which.",
    ),
    error(
        "MW823", "spark-job-failed",
        "Spark gave up: {what}",
        "nothing was committed; the log of Spark says more",
        "Spark repeats a task that fails; when it gives up, its cause lies outside the mails.",
    ),
    error(
        "MW824", "not-on-spark",
        "Spark cannot take {what}",
        "{todo}",
        "On Spark a list is read in pieces by many workers, and this cannot be cut into pieces.",
    ),
)  # fmt: skip
