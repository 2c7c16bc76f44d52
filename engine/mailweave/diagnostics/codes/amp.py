"""MW7xx: AMP for Email."""

from mailweave.diagnostics.model import Code, error, note, warning

CODES: tuple[Code, ...] = (
    error(
        "MW701", "invalid-amp",
        "{message} [{kind}]",
        "change the line as the message says, or keep the campaign without AMP",
        "The document breaks a rule of AMP for Email; readers would show its HTML part instead. The code "
        "in brackets is the official one.",
    ),
    note(
        "MW702", "amp-warning",
        "{message} [{kind}]",
        "nothing needs to be done now; the message says what to write instead",
        "The document is valid AMP for Email; what is said may become an error one day.",
    ),
    error(
        "MW703", "amp-validator",
        "the official AMP validator at {path} cannot be used: {what}",
        "MAILWEAVE_AMP_VALIDATOR names the file validator_wasm.js; unset it to validate without it",
        "Where the user points to the official validator, it is used or the verb fails; nothing else answers "
        "in its place.",
    ),
    note(
        "MW710", "amp-tag-left-out",
        "AMP has no <{tag}>; it is left out of the AMP part",
        "nothing needs to be done: the HTML keeps it; a block.amp.html can show something else",
        "The AMP part is derived from the HTML; what has no meaning there is dropped.",
    ),
    warning(
        "MW711", "amp-tag-refused",
        "AMP cannot show <{tag}> as it stands: {why}",
        "write a block.amp.html for the block, or keep the campaign without AMP",
        "Without it the AMP part would say less than the HTML part, so that there is none.",
    ),
    note(
        "MW712", "amp-attribute-left-out",
        "AMP does not allow `{attribute}` on <{tag}>; it is left out of the AMP part",
        "nothing needs to be done: the HTML keeps it",
        "Each tag of AMP has a list of attributes and of what they may hold.",
    ),
    note(
        "MW713", "amp-https",
        "AMP loads pictures over https only; http://{host} became https://{host}",
        "write https:// in the source, where the server allows it",
        "A reader that shows AMP loads nothing over http.",
    ),
    note(
        "MW714", "amp-picture-left-out",
        "AMP cannot load a picture from {where}; it is left out of the AMP part",
        "put the picture on a web server and name it with https://",
        "AMP pictures have an absolute https address: no attachment, no data, no relative path.",
    ),
    note(
        "MW715", "amp-picture-size",
        "AMP needs the width and the height of a picture; {width} by {height} is assumed",
        "give the <img> its width and height",
        "AMP lays out a page before its pictures are loaded. A picture of another shape keeps its shape, "
        "with room around it.",
    ),
    note(
        "MW716", "amp-css-left-out",
        "strict AMP CSS does not allow `{what}`; it is left out of the AMP part",
        "nothing needs to be done: the HTML keeps it; style with other properties where AMP readers matter",
        "AMP has lists of properties, of selectors and of media features.",
    ),
    note(
        "MW717", "amp-link-left-out",
        "AMP does not follow a link to {where}; its text stays, the link is left out of the AMP part",
        "write the whole address, beginning with https://",
        "A link in AMP is absolute: http, https, mailto or tel.",
    ),
    warning(
        "MW718", "amp-css-size",
        "the AMP part has {size} bytes of CSS; AMP allows {limit}",
        "fewer blocks, or fewer styles of their own",
        "A part that is too large is shown by no reader.",
    ),
    warning(
        "MW719", "amp-part-invalid",
        "the AMP form of {name} breaks a rule of AMP: {message} [{kind}]",
        "e-mails with it are sent without an AMP part",
        "HTML and text are never held up by AMP.",
    ),
    note(
        "MW720", "amp-checked-each",
        "whether the AMP form of {name} is valid depends on the recipient: {why}",
        "nothing needs to be done; Liquid in text and in whole addresses is proved beforehand",
        "What can be proved when the campaign is compiled costs nothing later; the rest is validated for "
        "each recipient, a few milliseconds each.",
    ),
    warning(
        "MW721", "amp-size",
        "the AMP part can reach {size} bytes; AMP allows {limit}",
        "shorten the longest lists; a recipient whose AMP part is too large gets HTML and text",
        "Readers show no AMP part beyond the limit.",
    ),
)  # fmt: skip
