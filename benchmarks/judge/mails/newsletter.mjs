// The benchmark newsletter in React Email's components: the words of benchmarks/newsletter/newsletter.liquid.
const MONTHS = "January February March April May June July August September October November December".split(" ");
const DAYS = "Sunday Monday Tuesday Wednesday Thursday Friday Saturday".split(" ");
const day = (text) => new Date(text + "T00:00:00Z");
const two = (number) => String(number).padStart(2, "0");
const month = (text) => MONTHS[day(text).getUTCMonth()];
const date = (text) => two(day(text).getUTCDate());
const cut = (text, size) => (text.length <= size ? text : text.slice(0, size - 3) + "...");
const capital = (text) => text[0].toUpperCase() + text.slice(1).toLowerCase();

const block = { backgroundColor: "#ffffff", padding: "24px 16px" };
const text = { fontFamily: "Helvetica,Arial,sans-serif", fontSize: "16px", lineHeight: "24px", color: "#333333", margin: "8px 0" };
const heading = { fontFamily: "Georgia,Times,serif", fontSize: "24px", lineHeight: "30px", fontWeight: "normal", color: "#111111", margin: "0 0 12px 0" };
const first = { fontSize: "32px", lineHeight: "38px", margin: "0" };
const button = { backgroundColor: "#1a6fd4", borderRadius: "4px", color: "#ffffff", fontWeight: "bold", padding: "12px 28px" };
const link = { color: "#1a6fd4" };
const grey = { color: "#777777" };
const small = { ...text, fontSize: "12px", lineHeight: "18px", color: "#777777" };
const PERKS = {
  platinum: () => "Platinum perks: free express shipping and a personal shopper.",
  gold: () => "Gold perks: free shipping on every order.",
  silver: (brand, money) => `Silver perks: free shipping over ${money(brand.free_shipping)}.`,
};

export const newsletter = (h, c, money) => {
  const Block = ({ children }) => h(c.Section, { style: block }, h(c.Container, null, children));
  const Line = ({ children }) => h(c.Text, { style: text }, children);
  const Title = ({ children }) => h(c.Heading, { as: "h2", style: heading }, children);
  const Action = ({ href, children }) => h(c.Button, { href, style: button }, children);

  const Item = ({ item, utm, children }) =>
    h(c.Row, { style: { borderBottom: "1px solid #eeeeee", padding: "12px 0" } },
      h(c.Column, { width: 140, style: { paddingRight: "16px", verticalAlign: "top" } },
        h(c.Link, { href: `${item.url}?utm_source=${utm.source}&utm_campaign=${utm.campaign}` },
          h(c.Img, { src: item.image, width: 140, height: 140, alt: item.name }))),
      h(c.Column, { style: { ...text, fontSize: "14px", lineHeight: "20px", verticalAlign: "top" } },
        h("strong", { style: { fontSize: "16px" } }, cut(item.name, 40)), h("br"),
        cut(item.description, 80), h("br"),
        h("span", { style: { fontSize: "18px", color: "#c0392b" } }, money(item.price)),
        item.old_price ? h("s", { style: { color: "#999999" } }, money(item.old_price)) : null,
        children));

  return function Newsletter({ user, cart, recommendations, orders, store, brand, campaign, utm, offer, article }) {
    const greeting = user.first_name || "Friend";
    const member = user.tier === "gold" || user.tier === "platinum";
    return h(c.Html, { lang: campaign.locale },
      h(c.Head, null, h("title", null, campaign.subject)),
      h(c.Body, { style: { backgroundColor: brand.background, margin: "0" } },
        h(c.Preview, null, `${greeting}, ${cut(campaign.preheader, 90)}`),
        h(Block, null,
          h(c.Link, { href: `${brand.url}?utm_source=${utm.source}&utm_medium=${utm.medium}&utm_campaign=${utm.campaign}` },
            h(c.Img, { src: brand.logo, width: 180, height: 48, alt: brand.name })),
          h(Line, null, `${month(campaign.date)} ${date(campaign.date)}, ${day(campaign.date).getUTCFullYear()} | ${brand.tagline.toUpperCase()}`)),
        h(Block, null,
          h(c.Img, { src: campaign.hero_image, width: 600, alt: campaign.hero_alt }),
          h(c.Heading, { as: "h1", style: first }, `Hello ${greeting}${member ? `, our ${user.tier.toUpperCase()} member` : ""}!`),
          h(Line, null, `${campaign.intro} `, h("b", null, user.city || "your city"), "."),
          h(Action, { href: `${brand.url}/shop?utm_source=${utm.source}&c=${user.id}` }, campaign.cta.toUpperCase())),
        h(Block, null,
          h(Title, null, `Your ${brand.program} status`),
          user.points > 0
            ? h(Line, null, "You have ", h("b", null, user.points + user.bonus_points),
                ` points (${user.points} base and ${user.bonus_points} bonus). They expire on ${date(user.points_expire)} ` +
                `${month(user.points_expire).slice(0, 3)} ${day(user.points_expire).getUTCFullYear()}.`)
            : h(Line, null, `Start collecting points with your first order, ${greeting}.`),
          h(Line, null, PERKS[user.tier]?.(brand, money) ?? `Join ${brand.program} today.`)),
        h(Block, null, cart.length > 0
          ? [
              h(Title, { key: "title" }, "You left something behind"),
              cart.map((item, at) => h(Item, { key: at, item, utm }, h("br"),
                `Qty: ${item.qty} | Subtotal: ${money(item.price * item.qty)}`)),
              h(Line, { key: "total" }, "Cart total: ", h("b", null, money(user.cart_total))),
              h(Action, { key: "go", href: `${brand.url}/cart?u=${user.id}` }, "Complete your order"),
            ]
          : null),
        h(Block, null,
          h(Title, null, `Picked for you, ${greeting}`),
          recommendations.map((item, at) => h(Item, { key: at, item, utm },
            item.stock < 5 ? [h("br", { key: "br" }), h("em", { key: "em", style: { color: "#c0392b" } }, `Only ${item.stock} left`)] : null,
            h("br"), `#${at + 1} of ${recommendations.length}`))),
        h(Block, null, offer.active && offer.min_points <= user.points
          ? [
              h(Title, { key: "title" }, offer.title),
              h(Line, { key: "text" }, `${offer.text} Use code `, h("b", { style: { fontFamily: "monospace" } }, offer.code.toUpperCase()),
                ` before ${DAYS[day(offer.expires).getUTCDay()]}, ${date(offer.expires)} ${month(offer.expires)}. You save ${offer.discount}%.`),
              h(Action, { key: "go", href: `${brand.url}/offer/${offer.code}?u=${user.id}` }, offer.cta),
            ]
          : h(Line, null, offer.teaser)),
        h(Block, null,
          h(Title, null, "Recent orders"),
          orders.slice(0, 5).map((order, at) => h(Line, { key: at }, "Order ", h("b", null, `#${order.number}`),
            ` from ${order.date}: ${money(order.total)} `, h("span", { style: grey }, capital(order.status)),
            order.reviewed ? null : h(c.Link, { href: `${brand.url}/review/${order.number}`, style: link }, "Write a review")))),
        h(Block, null,
          h(Title, null, "Your nearest store"),
          store
            ? h(Line, null, store.name, h("br"), store.street, h("br"), `${store.zip} ${store.city}`, h("br"), `Open ${store.hours}`)
            : h(Line, null, "Shop online any time.")),
        h(Block, null,
          h(Title, null, article.title),
          h(Line, null, cut(article.summary, 160)),
          h(Line, null, `By ${article.author} | ${article.minutes} min read | `, h(c.Link, { href: article.url, style: link }, "Read more"))),
        h(Block, null, h(Line, null, user.referrals > 2
          ? `Thank you, ${greeting}: ${user.referrals} friends joined!`
          : `Invite friends: ${brand.url}/r/${user.referral_code}`)),
        h(Block, null, h(Line, null,
          h(c.Link, { href: brand.facebook, style: link }, "Facebook"), " | ",
          h(c.Link, { href: brand.instagram, style: link }, "Instagram"), " | ",
          h(c.Link, { href: brand.youtube, style: link }, "YouTube"), " | ",
          h(c.Link, { href: brand.pinterest, style: link }, "Pinterest"))),
        h(Block, null, h(c.Text, { style: small },
          `You receive this e-mail at ${user.email} because you subscribed on ` +
            `${date(user.subscribed)}/${two(day(user.subscribed).getUTCMonth() + 1)}/${day(user.subscribed).getUTCFullYear()}. `,
          h(c.Link, { href: `${brand.url}/unsubscribe?u=${user.id}&t=${user.token}`, style: grey }, "Unsubscribe"), " | ",
          h(c.Link, { href: `${brand.url}/preferences?u=${user.id}`, style: grey }, "Preferences"), " | ",
          h(c.Link, { href: `${brand.url}/view/${campaign.id}/${user.id}`, style: grey }, "View in browser"), h("br"),
          `${brand.legal_name}, ${brand.address} | VAT ${brand.vat} | ${brand.phone}`, h("br"),
          `© ${campaign.year} ${brand.name}. ${brand.disclaimer}`)),
        h(c.Img, { src: `${brand.url}/o.gif?u=${user.id}&c=${campaign.id}`, width: 1, height: 1, alt: "" })));
  };
};
