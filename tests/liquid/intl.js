// Reads [kind, locale, value, option] as JSON from standard input, writes what Intl says of each.
const rows = JSON.parse(require("fs").readFileSync(0, "utf8"));
const kept = new Map();
const once = (key, make) => kept.get(key) ?? (kept.set(key, make()), kept.get(key));
const made = (Type, locale, options) =>
  once(Type.name + locale + JSON.stringify(options), () => new Type(locale, options));
const dated = (l, v, options) =>
  made(Intl.DateTimeFormat, l, { timeZone: "UTC", calendar: "gregory", ...options }).format(new Date(v));
const says = {
  money: (l, v, o) => made(Intl.NumberFormat, l, { style: "currency", currency: o }).format(v),
  number: (l, v, o) =>
    made(Intl.NumberFormat, l, { minimumFractionDigits: o, maximumFractionDigits: o }).format(v),
  percent: (l, v, o) =>
    made(Intl.NumberFormat, l, { style: "percent", minimumFractionDigits: o, maximumFractionDigits: o }).format(v),
  date: (l, v, o) => dated(l, v, { dateStyle: o }),
  time: (l, v, o) => dated(l, v, { timeStyle: o }),
  datetime: (l, v, o) => dated(l, v, { dateStyle: o, timeStyle: "short" }),
  skeleton: (l, v, o) => dated(l, v, o),
  plural: (l, v) => made(Intl.PluralRules, l, { maximumFractionDigits: 3 }).select(v),
  ordinal: (l, v) => made(Intl.PluralRules, l, { type: "ordinal" }).select(v),
  list: (l, v, o) => made(Intl.ListFormat, l, { type: o }).format(v),
  unit: (l, v, o) => made(Intl.NumberFormat, l, { style: "unit", unit: o[0], unitDisplay: o[1] }).format(v),
  relative: (l, v) => made(Intl.RelativeTimeFormat, l, { numeric: "auto" }).format(v, "day"),
};
const { icu, cldr } = process.versions;
console.log(JSON.stringify({ icu, cldr, said: rows.map(([k, l, v, o]) => says[k](l.replaceAll("_", "-"), v, o)) }));
