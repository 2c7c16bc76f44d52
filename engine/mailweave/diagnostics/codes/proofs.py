"""MW900 to MW939, and MW286 to MW289: what `mailweave prove` finds; each with a recipient who shows it, if any does."""

from mailweave.diagnostics.model import Code, error, note, warning

CODES: tuple[Code, ...] = (
    warning(
        "MW286", "trigger-never-starts",
        "{name} never starts a mail: {why}",
        "mend its condition, or take it out",
        why="A trigger that starts nothing looks like one that works, until somebody asks where its mails are.",
    ),
    warning(
        "MW287", "always-kept-back",
        "`unless {events}` always keeps mail {number} of {name} back",
        "take the event out of `unless`, or out of what `when` asks for",
        why="Whoever fulfils the condition at the moment of the mail has done, since its cause, what keeps it back; the "
        "recipient shown is one of them.",
    ),
    warning(
        "MW288", "mail-never-reached",
        "mail {number} of {name} never goes out: {why}",
        "mend its condition, wait longer before it, or take it out",
        why="Mails behind it do not go out either: each waits for the one before.",
    ),
    note(
        "MW289", "due-in-quiet-hours",
        "{name} is always due in quiet hours, and goes out at {stop} instead",
        "name the time at which it shall go out",
        why="The time that is written is never the time of the mail.",
    ),
    error(
        "MW900", "gap",
        "`{name}` is `complete`, and yet no member holds for {who}",
        "widen a member, or write `otherwise` instead of `complete`",
        why="A tier that promises to be complete puts everybody somewhere; the recipient shown falls through.",
    ),
    warning(
        "MW901", "holds-for-nobody",
        "{what} is true for nobody",
        "{todo}",
        why="No recipient whose data keeps to the schema makes this condition true: what depends on it is dead. "
        "The recipient shown fulfils as much of it as can be fulfilled at once.",
    ),
    note(
        "MW902", "holds-for-everybody",
        "{what} is true for everybody",
        "leave it out, or say what was meant",
        why="A condition that rules nobody out is often a slip: `or` for `and`, a bound that is never crossed.",
    ),
    note(
        "MW903", "implied",
        "`{part}` says nothing new in {what}: the rest implies it",
        "leave it out, or say what was meant",
        why="Whoever fulfils the rest of the condition fulfils this part too, so it rules nobody out.",
    ),
    note(
        "MW904", "adds-nobody",
        "`{part}` adds nobody to {what}: the other alternatives hold wherever it does",
        "leave it out, or say what was meant",
        why="Each alternative of an `or` should let in somebody whom the others do not.",
    ),
    warning(
        "MW905", "empty-member",
        "nobody is in `{member}` of `{name}`: the lines above it take everybody for whom it is true",
        "move it up, or mend its condition",
        why="The first member that is true wins, so a member behind wider ones stays empty.",
    ),
    warning(
        "MW906", "same-segment",
        "`{one}` and `{other}` hold the same people",
        "keep one of them, or say what tells them apart",
        why="Two names for one list of people: a change to one of them will be forgotten in the other.",
    ),
    note(
        "MW907", "inside-segment",
        "everybody in `{one}` is in `{other}` too",
        "write `within {other}` if that is meant",
        why="Said with `within`, it is checked by readers; found by accident, it may be a slip.",
    ),
    note(
        "MW910", "overlap-by-order",
        "`{one}` and `{other}` both hold for some, and in `{slot}` only {by} decides between them",
        "give one of the cells a higher number, or let one segment exclude the other",
        why="Moving a row, or sending once more, changes who gets what.",
    ),
    note(
        "MW911", "overlap-by-priority",
        "rows of `{slot}` overlap, such as `{one}` and `{other}`; the higher number decides",
        why="That is what numbers are for; the recipient shown is one of those for whom they decide.",
        help="leave it, if the higher number is meant to win for these people; else narrow one of the rows",
    ),
    warning(
        "MW912", "unreachable-row",
        "the row `{row}` never wins anywhere: {why_not}",
        "move it, give it a higher number, or take it out",
        why="Whoever is in the row's segment gets something else in every one of its slots.",
    ),
    warning(
        "MW913", "unreachable-cell",
        "`{block}` in the row `{row}` of `{slot}` never wins: {why_not}",
        "give it a higher number, or take it out",
        why="Whenever the cell's row holds and its block may be shown, another cell of the column wins.",
    ),
    warning(
        "MW914", "unreachable-block",
        "nobody can ever get the block `{block}`",
        "give it a cell that can win, or take it out",
        why="No cell, fallback or arm ever brings this block into a mail.",
    ),
    warning(
        "MW915", "idle-override",
        "the override of `{loser}` by `{winner}` never changes anything: {why_not}",
        "mend its condition, or take it out",
        why="An override acts where both rows hold an eligible cell of one slot and its condition is true.",
    ),
    warning(
        "MW916", "unreachable-arm",
        "nobody can ever be in the arm `{arm}` of `{experiment}`",
        "mend {what}",
        why="An experiment whose arm stays empty compares nothing.",
    ),
    error(
        "MW917", "promise-broken",
        "`{one}` and `{other}` both hold for some, but the policy of `{slot}` is {policy}",
        "make one of the segments exclude the other, or choose `first` or `priority`",
        why="Where the promise of `unique` or `any` is broken the fallback is shown, and nobody notices.",
    ),
    note(
        "MW918", "experiments-meet",
        "`{one}` and `{other}` meet on the same recipients",
        "leave it where two at once are meant and each has a salt of its own: `mailweave results` tells both effects, and "
        "whether one depends on the other (docs/insight.md); else let `only` of one exclude the other",
        why="The effect of each is then one among people of whom many have an arm of the other, too. That is sound where "
        "both are drawn independently, and the effects of some pairs are not the sum of both.",
    ),
    note(
        "MW919", "unreachable-otherwise",
        "`otherwise` is never asked in `{slot}`: some row always wins there",
        why="Then its cell is never shown, and neither is the fallback.",
        help="take `otherwise` away, or narrow the row that always wins",
    ),
    error(
        "MW920", "consent-leak",
        "{way} reaches `{block}` for somebody who has not given consent.{consent}",
        "write `requires consent.{consent}` behind the block, or read something else",
        why="Whoever has not given the consent gets the block all the same; what it says of them is then at best nothing.",
    ),
    warning(
        "MW921", "personal-data-in-address",
        "{way} stands in an address of `{block}`",
        "put a key there that says nothing about the person, or look the value up behind the link",
        why="Whoever is asked for an address writes it down: servers, proxies, the reader's history, tools that count "
        "clicks. Data labelled `pii` does not belong there.",
    ),
    warning(
        "MW922", "unreachable-branch",
        "nobody who gets `{block}` reaches `{branch}`",
        "take the branch out, or let the rules show the block to those it is meant for",
        why="The rules decide who gets the block, and for none of them is this branch of its template taken.",
    ),
    note(
        "MW923", "branch-beyond-rules",
        "whether anybody who gets `{block}` reaches `{branch}` cannot be said in rules",
        "nothing is wrong; to have it proved, ask for declared attributes, scores and lists",
        why="A condition over filters, items of a list, the clock or what the context brings is beyond the proofs.",
    ),
    error(
        "MW924", "sensitive-decides",
        "`{name}` alone decides {what}",
        "take it out of the condition, or take the label `sensitive` away if it is meant to decide",
        why="The two recipients shown differ in nothing but an attribute that is declared `sensitive`, and yet they "
        "do not get the same.",
    ),
    warning(
        "MW930", "undecided",
        "it is undecided whether {what}: {reason}",
        "simplify the condition, or give the proof more time",
        why="What is neither proved nor refuted is never called fine.",
    ),
)  # fmt: skip
