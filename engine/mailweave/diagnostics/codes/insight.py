"""MW786 to MW789 and MW79x: what was learned from what was sent."""

from mailweave.diagnostics.model import Code, error, note, warning

CODES: tuple[Code, ...] = (
    error(
        "MW786", "arms-not-independent",
        "`{experiment}` and `{other}` are not drawn independently of each other (p = {p})",
        "give each experiment a salt of its own; what is found of either may be the other's",
        "Where the arms of one say something of the arms of the other, their effects cannot be told apart.",
    ),
    note(
        "MW787", "effects-do-not-add-up",
        "{arms} do not add up in {metric}: what one does depends on the other",
        "look at the four means before both arms are kept, and plan a test of the pair that you would send",
        "Each effect is that of an arm in the mix that was sent. In another mix it is another one.",
    ),
    warning(
        "MW789", "no-known-types",
        "no event is counted; {others} of {of} are of types that nothing asks for: {found}",
        "known are {known}: write the events so, or name theirs with --conversion and --guard",
        "A list in other words looks just like a mail that nobody opened, and no guard would hear a complaint.",
    ),
    error(
        "MW790", "unusable-purchases",
        "these purchase counts cannot be used: {what}",
        "count a recipient's purchases behind the first one in `frequency`, the time from the first to the last one in "
        "`recency`, from the first one until the end of the observation in `T`, all as numbers in one unit",
        "A model that leaves out the rows it cannot read would tell of another list than the one that was given.",
    ),
    error(
        "MW791", "not-estimable",
        "the model cannot be estimated: {what}",
        "observe for longer, or more recipients; without estimates nothing is foretold",
        "Where data do not determine a parameter, any number for it would be as good as another.",
    ),
    error(
        "MW792", "unusable-output",
        "the results of this output cannot be told: {what}",
        "{todo}",
        "Who was shown what is read from the rows that were sent; nothing else is sure to say it.",
    ),
    error(
        "MW793", "unusable-responses",
        "these events cannot be used: {what}",
        "write a list with the columns `profile` (or `idempotency_key`), `type` and `at`; docs/insight.md has the others",
        "Events that are read in part would give rates that are too low, and nobody would see it.",
    ),
    warning(
        "MW794", "arms-not-told",
        "the arms of `{experiment}` cannot be told from the rows: {what}",
        "hash the key (`unit`), ask `only` for segments alone, declare lists of its arms with `else catalog`, and show the "
        "block of an arm by nothing else",
        "An arm that is guessed would mix those who saw it with those who did not; the experiment is left out instead.",
    ),
    warning(
        "MW369", "exposures-not-told",
        "`{experiment}` cannot be judged from what triggers wrote: {what}",
        "judge experiments on blocks from a batch; go on with the triggers until waits under this one have begun, and give "
        "an experiment that is changed a new name and salt",
        "Arms are told for everybody whose wait began, of one and the same experiment, or not at all.",
    ),
    error(
        "MW795", "sample-ratio-mismatch",
        "`{experiment}` has other arms than declared: {found}, for shares of {declared} (p = {p})",
        "look for what lost recipients of one arm: a block that fails for some, a filter behind the batch, a list that was "
        "cut; its effects are shown and decide nothing",
        "Chance does not fill arms that unevenly. What does also changes who they are, and so every effect.",
    ),
    error(
        "MW796", "guard-hurt",
        "`{guard}` is worse in {arm}: {more}",
        "stop the arm; mailweave ends with exit code 4",
        "A guard is what must not suffer for the sake of clicks.",
    ),
    error(
        "MW797", "impossible-experiment",
        "{field}: expected {expected}, got {got}",
        "change it; `mailweave results --help` and `mailweave results plan --help` have examples",
        "No experiment has such numbers.",
    ),
    warning(
        "MW798", "unread-responses",
        "of {of} events {what}",
        "give each a `type`, an `at` with a zone (2026-11-22T09:00:00Z) and, where it is a conversion, an amount",
        "What is left out makes rates too low, and perhaps more so in one arm.",
    ),
    warning(
        "MW799", "no-conversions",
        "no recipient has an event `{type}` within {days} days",
        "name the type with --conversion, and the time with --days",
        "A name that is spelt in another way looks just like a mail that brought nothing.",
    ),
    error(
        "MW880", "learned-not-better",
        "the new table of `{slot}` is not shown to be better: {gain} a draw, of {draws} draws",
        "send more with the table that is there, or take the new one all the same: --anyway",
        "A table that only seems better would be paid for by everybody who is sent to; the interval says what is known.",
    ),
    error(
        "MW881", "nothing-drawn",
        "nothing can be learned from this: {what}",
        "give a column of the campaign the policy `learned` and name outputs that were rendered since; docs/learned.md",
        "With which chance a block was shown is known only where it was drawn.",
    ),
    error(
        "MW882", "too-little-history",
        "no score can be told of this: {what}",
        "give a longer list of events (`profile`, `type`, `at`), another --event or a shorter --horizon",
        "A model of a handful of people says more about them than about those who are scored.",
    ),
    error(
        "MW883", "card-of-other-score",
        "the card that is there is of {what}",
        "score under another name, or take the card away",
        "Two models can be compared only where they foretell the same.",
    ),
    warning(
        "MW884", "model-not-better",
        "the new model of `{score}` does not beat the one in use: AUC {auc}, on the same recipients",
        "nothing: the one in use has scored; to give it up all the same, take its card out of `models`",
        "A model that is newer is not better for that.",
    ),
    warning(
        "MW885", "drifted",
        "recipients differ from those that the model of `{score}` was trained on, in {names} (PSI above 0.25)",
        "look what has changed: the list, what is recorded, or the season; then train anew, and read the card",
        "A model knows the people it was trained on.",
    ),
    error(
        "MW886", "unknown-to-the-rules",
        "the rules declare no {what} `{name}`: there is {known}",
        "declare it, or name one that is: `score churn : ratio ttl 30 days else unknown`",
        "A score that no rule declares is read by none.",
    ),
    error(
        "MW887", "score-without-card",
        "the score `{score}` has no card: {what}",
        "write it with `mailweave score`, or by hand for a score from elsewhere; docs/scores.md says what it holds",
        "This campaign keeps cards of its models, so that nobody is judged by a number of which nobody knows what it is.",
    ),
    error(
        "MW888", "too-little-taken",
        "nothing can be recommended from this: {what}",
        "give a longer list of events, or another --event and --item; docs/recommend.md",
        "Lists that nobody can judge might be worse than none.",
    ),
    warning(
        "MW889", "popular-as-good",
        "lists by {by} are not shown to beat popular ones: NDCG@{at} {gain}",
        "gather more events, or declare the list with what is popular alone",
        "What everybody takes is a strong guess; tastes that are learned from little are noise.",
    ),
    warning(
        "MW890", "popular-with-all-as-good",
        "for newcomers, what is popular by segment is not shown to beat what is popular with all: NDCG@{at} {gain}",
        "leave --popular-by out, or name segments that tell what people like and that newcomers are in",
        "A segment has fewer takers than the whole list; where it tells nothing of taste, that alone is lost.",
    ),
    error(
        "MW891", "items-without-attributes",
        "the campaign's context says nothing of `{catalog}` by which its items could be compared",
        "put items with an attribute that two of them share into `catalogs.{catalog}` of the context; docs/recommend.md",
        "Items are alike by what the catalogue says of them; a title that only one has says nothing of another.",
    ),
    warning(
        "MW892", "hour-of-all-as-good",
        "hours of `{score}` are not shown to beat the hour of everybody: gain {gain} in what came within an hour of them",
        "send to all at the hour of everybody, or gather more opens and clicks",
        "Who is always sent to in the morning always opens in the morning; that is no wish.",
    ),
    error(
        "MW893", "score-holds-no-hour",
        "the score `{score}` is declared {type}, which holds no hour of a day",
        "declare it `int`: `score hour : int ttl 90 days else 9`",
        "An hour is a whole number from 0 to 23.",
    ),
    warning(
        "MW894", "clusters-not-apart",
        "the clusters hardly lie apart: silhouette {silhouette}, where 0.25 is the least that says anything",
        "keep the tiers that you have, or try --clusters with another number",
        "A program finds clusters in any list, also in one where people differ only by degrees.",
    ),
)  # fmt: skip
