/** The page: it asks the service and shows what that answers. Text is inserted as text only; the policy of the page forbids markup. */

import { EXAMPLES } from "./examples.js";
import { codePoints, countByCodePoint, countCodePoints, nameOfInvisible, piecesOf, rangesOf } from "./marks.js";

const MAX_SHOWN = 6000; // code points of a text; of a longer one, what lies around the window that decided
const AROUND = 500; // code points on both sides of it
const MANY_KINDS = 6; // of hidden characters; a longer list is folded
const LEAST_DROP = 0.005; // of a score; what moves it less is not marked
const POLICY_NAMES = { override: "overriding instructions", full: "harmful requests too" };

const byId = (id) => document.getElementById(id);
const form = byId("form");
const textField = byId("text");
let info = null; // of GET info
let shown = null; // {explanation, scores: p_attack by policy} of the verdict on the page
let tried = null; // the threshold that is tried on it
let running = null; // the AbortController of the request under way

/** An answer that is no verdict. */
class Refused extends Error {
  constructor(status, message, retryAfter) {
    super(message);
    this.status = status;
    this.retryAfter = retryAfter;
  }
}

// Asking

async function ask(path, body, signal) {
  const headers = { "Content-Type": "application/json" };
  const key = byId("key").value.trim();
  if (key) headers["X-API-Key"] = key;
  const answer = await fetch(path, { method: body ? "POST" : "GET", body, headers, signal });
  if (answer.ok) return answer.json();
  const refusal = await answer.json().catch(() => null); // a proxy before the service answers in its own words
  throw new Refused(answer.status, refusal?.error?.message ?? answer.statusText, answer.headers.get("Retry-After"));
}

async function loadInfo(signal) {
  info = await ask("info", null, signal);
  if (!chosen("policy")) choose("policy", info.policy);
  byId("served").textContent = `Model ${info.model_id} (${info.file}).`;
  byId("privacy").textContent = info.logs_prompts ? "It writes them to its log." : "It neither keeps nor logs them.";
  byId("key-row").hidden = byId("key").value === "";
  showKind();
  showCount();
}

async function judge() {
  running?.abort();
  const text = textField.value;
  if (!text.trim()) {
    // Beside the field, which gets the focus: on a phone the results are out of sight there.
    byId("count").textContent = "There is no text yet. Paste one, open a file or choose an example.";
    byId("count").classList.add("wanting");
    textField.focus();
    return;
  }
  running = new AbortController();
  const { signal } = running;
  showLoading();
  try {
    if (!info) await loadInfo(signal);
    const policy = policyInForce();
    const body = (policy) => JSON.stringify({ text, policy });
    const size = new Blob([body(policy)]).size;
    if (size > info.limits.max_body_bytes) throw new Refused(413, "the text is too large");
    const started = performance.now();
    const explanation = await ask("guard/explain", body(policy), signal);
    const scores = { [policy]: explanation.verdict.p_attack };
    // One after the other: a service refuses what would wait behind a long explanation.
    for (const other of Object.keys(info.thresholds).filter((other) => other !== policy)) {
      scores[other] = (await ask("guard", body(other), signal)).p_attack;
    }
    const milliseconds = performance.now() - started;
    shown = { explanation, scores, points: codePoints(text), milliseconds };
    showVerdict();
  } catch (error) {
    if (signal.aborted) return; // a newer request shows its own answer
    showRefusal(error);
  } finally {
    if (running?.signal === signal) running = null;
    if (!running) setBusy(false);
  }
}

// What is chosen

const chosen = (name) => form.elements[name].value;

function choose(name, value) {
  for (const option of form.elements[name]) option.checked = option.value === value;
}

const policyInForce = () => (chosen("kind") === "document" ? info.document_policy : chosen("policy"));

function showKind() {
  const isDocument = chosen("kind") === "document";
  byId("policies").hidden = isDocument;
  byId("kind-note").textContent = isDocument
    ? "A document is what a model reads and nobody asks it to do: a page, a file, a tool's result. It may speak of harm, as news " +
      "does; what must not pass is an attempt to override instructions."
    : "";
}

function showCount() {
  const count = countCodePoints(textField.value);
  const limit = info?.limits.max_chars;
  const over = limit && count > limit ? ` Of a text this long the first and the last ${(limit / 2).toLocaleString("en")} are read.` : "";
  byId("count").classList.remove("wanting");
  byId("count").textContent = count ? `${count.toLocaleString("en")} ${count === 1 ? "character" : "characters"}.${over}` : "";
}

async function openFile(file) {
  if (info && file.size > info.limits.max_body_bytes) {
    showRefusal(new Refused(413, "the file is too large"));
    return;
  }
  try {
    const bytes = new Uint8Array(await file.arrayBuffer());
    const encoding = bytes[0] === 0xff && bytes[1] === 0xfe ? "utf-16le" : bytes[0] === 0xfe && bytes[1] === 0xff ? "utf-16be" : "utf-8";
    const text = new TextDecoder(encoding, { fatal: true }).decode(bytes);
    if (text.includes("\0")) throw new TypeError("zero bytes");
    textField.value = text;
  } catch {
    showProblem(`${file.name} is not plain text`, "Open a file in UTF-8, such as .txt, .md, .html or .json, or paste the text itself.");
    return;
  }
  showCount();
  judge();
}

// States

function setBusy(isBusy) {
  byId("results").setAttribute("aria-busy", String(isBusy));
  byId("run").textContent = isBusy ? "Judging\u2026" : "Judge the text";
}

function setState(kind, title, detail = "") {
  const status = byId("status");
  status.dataset.kind = kind;
  status.replaceChildren(make("p", { class: "headline" }, title), ...(detail ? [make("p", { class: "detail" }, detail)] : []));
  byId("idle").hidden = true;
  if (kind !== "loading") byId("verdict").hidden = kind === "problem"; // an earlier verdict stays while the next is awaited, dimmed
  byId("help").replaceChildren();
  scrollToResults();
}

function showLoading() {
  setState("loading", "Judging\u2026", "The network reads the text, then again without each of its sentences.");
  setBusy(true);
}

function showProblem(title, detail, ...help) {
  setState("problem", title, detail);
  byId("help").replaceChildren(...help);
}

/** What happened and what to do. Nothing that went wrong is shown as a verdict. */
function showRefusal(error) {
  const again = make("button", { type: "button" }, "Try again");
  again.addEventListener("click", judge);
  const limit = info && `at most ${info.limits.max_body_bytes.toLocaleString("en")} bytes`;
  const said = sentence(error.message);
  if (!(error instanceof Refused)) {
    showProblem("No answer from the service", "It may be restarting, or the connection is down. There is no verdict.", again);
  } else if (error.status === 401) {
    byId("key-row").hidden = false;
    showProblem("This service asks for a key", "Enter it below the text, then judge the text again.");
    byId("key").focus();
  } else if (error.status === 413) {
    showProblem("The text is too large", `${limit ? `The service takes ${limit} in one request.` : said} Judge the text in parts.`);
  } else if (error.status === 429) {
    showProblem("The service is busy", `${said} Try again in ${seconds(error.retryAfter)}.`, again);
  } else if (error.status === 503) {
    showProblem("There is no verdict", `${said} Try again in ${seconds(error.retryAfter)}, or with a shorter text.`, again);
  } else if (error.status === 422) {
    showProblem("The service cannot read this text", said);
  } else {
    showProblem("The service failed", `${said} Its log says where; there is no verdict.`, again);
  }
}

const sentence = (message) => (message ? `${message[0].toUpperCase()}${message.slice(1)}${/[.!?]$/.test(message) ? "" : "."}` : "");
const seconds = (count) => (Number(count) > 1 ? `${Number(count)} seconds` : "a second");

function scrollToResults() {
  if (byId("results").getBoundingClientRect().top > window.innerHeight * 0.6) {
    const isCalm = window.matchMedia("(prefers-reduced-motion: reduce)").matches;
    byId("results").scrollIntoView({ behavior: isCalm ? "auto" : "smooth", block: "start" });
  }
}

// The verdict

function showVerdict() {
  const { verdict } = shown.explanation;
  const kind = verdict.threat ? "attack" : "harmless";
  const family = verdict.family === "none" ? "" : ` Family: ${words(verdict.family)}.`;
  setState(
    kind,
    verdict.threat ? "Flagged as an attack" : "Not flagged",
    `Score ${score(verdict.p_attack)}, ${verdict.threat ? "at or above" : "below"} the threshold of ${score(verdict.threshold)}.${family}`,
  );
  byId("verdict").dataset.kind = kind;
  place(byId("fill"), "width", verdict.p_attack);
  showTicks();
  tryThreshold(verdict.threshold);
  showWhere();
  showViews();
  showFacts();
  for (const mark of document.querySelectorAll("mark.carrier")) showInBox(mark);
}

/** A long text has a box that scrolls: what is marked stands in its middle then. The page itself stays where it is. */
function showInBox(mark) {
  const box = mark.closest("#verdict .text");
  if (box) box.scrollTop = mark.offsetTop - box.clientHeight / 2;
}

function showTicks() {
  const fitted = info.fitted_thresholds[shown.explanation.verdict.policy] ?? {};
  byId("ticks").replaceChildren(
    ...Object.values(fitted).map((threshold) => {
      const tick = make("div", { class: "tick" });
      place(tick, "left", threshold);
      return tick;
    }),
  );
}

/** Show what the scores that came would mean at another threshold. The slider has steps; the thresholds of budgets have not. */
function tryThreshold(threshold) {
  tried = threshold;
  byId("threshold").value = threshold;
  const { verdict } = shown.explanation;
  const isFlagged = verdict.p_attack >= threshold;
  const says = isFlagged ? "flagged" : "passes";
  byId("threshold").setAttribute("aria-valuetext", `${score(threshold)}, ${says}`);
  byId("what-if").replaceChildren(
    threshold === verdict.threshold ? "The threshold in force: " : "If the threshold were ",
    make("strong", {}, score(threshold)),
    threshold === verdict.threshold ? ". Move it to see what others say." : `, this text would ${isFlagged ? "be flagged" : "pass"}.`,
  );
  showBudgets();
}

function showBudgets() {
  const own = shown.explanation.verdict.policy;
  const policies = [own, ...Object.keys(shown.scores).filter((policy) => policy !== own)];
  const budgets = [...new Set(policies.flatMap((policy) => Object.keys(info.fitted_thresholds[policy] ?? {})))];
  const focused = document.activeElement?.dataset?.budget;
  byId("budget-heads").replaceChildren(
    make("th", { scope: "col" }, "False alarms"),
    ...policies.map((policy) =>
      make("th", { scope: "col" }, sentence(POLICY_NAMES[policy] ?? policy).slice(0, -1), make("span", { class: "sub" }, `score ${score(shown.scores[policy])}`)),
    ),
  );
  byId("budget-rows").replaceChildren(
    ...budgets
      .sort((a, b) => a - b)
      .map((budget) => {
        const inForce = Number(budget) === info.fpr_budget;
        return make(
          "tr",
          inForce ? { class: "in-force" } : {},
          make("th", { scope: "row" }, budgetButton(budget, own), ...(inForce ? [make("span", { class: "sub" }, "in force")] : [])),
          ...policies.map((policy) => budgetCell(shown.scores[policy], info.fitted_thresholds[policy]?.[budget])),
        );
      }),
  );
  if (focused) document.querySelector(`[data-budget="${focused}"]`)?.focus();
}

function budgetButton(budget, policy) {
  const threshold = info.fitted_thresholds[policy]?.[budget];
  const name = `${Number((100 * budget).toPrecision(6))}%`;
  if (threshold === undefined) return name;
  const button = make(
    "button",
    { type: "button", class: "link", "data-budget": budget, "aria-pressed": String(threshold === tried), "aria-label": `Try the threshold of ${name} false alarms` },
    name,
  );
  button.addEventListener("click", () => tryThreshold(threshold));
  return button;
}

function budgetCell(p, threshold) {
  if (threshold === undefined) return make("td", {}, "not fitted");
  const isFlagged = p >= threshold;
  return make("td", { class: isFlagged ? "flagged" : "passes" }, isFlagged ? "Flagged" : "Passes", make("span", { class: "sub" }, `from ${score(threshold)}`));
}

function showWhere() {
  const { explanation, points } = shown;
  const { verdict, explained, offsets_in: offsetsIn, sentences, carrier, window: widest, hidden } = explanation;
  const inText = offsetsIn === "text";
  const range = shownRange(points.length, inText ? explained : widest, inText ? carrier : null);
  byId("raw").replaceChildren(...markedText(points, range, inText ? sentences : [], inText ? carrier : null, hidden));
  byId("where-note").textContent = whereNote(verdict, explanation, points.length);
  byId("sentences").hidden = sentences.length < 2;
  byId("sentence-rows").replaceChildren(...sentenceRows(sentences));
  showHiddenCharacters();
}

function whereNote(verdict, explanation, length) {
  const { offsets_in: offsetsIn, carrier, explained, window: widest } = explanation;
  const place = offsetsIn === "view" ? "in a decoded reading, marked below" : "marked here";
  const parts = [];
  if (!carrier) parts.push("No single part carries the score: without any of them it stays as high.");
  else if (carrier.drop < LEAST_DROP) parts.push("No part stands out.");
  else if (verdict.threat) parts.push(`The part that carries the verdict is ${place}. Without it the score falls by ${score(carrier.drop)}.`);
  else parts.push(`Nothing was flagged. The part that raises the score the most, by ${score(carrier.drop)}, is ${place}.`);
  if (verdict.threat && carrier && carrier.drop < verdict.p_attack - verdict.threshold && carrier.drop >= LEAST_DROP)
    parts.push("The rest stays above the threshold by itself.");
  const read = offsetsIn === "text" ? explained : widest;
  if (read.end - read.start < length)
    parts.push(`The network reads a text in windows; that with the highest score is characters ${(read.start + 1).toLocaleString("en")} to ${read.end.toLocaleString("en")}.`);
  return parts.join(" ");
}

/** All of a text, or what lies around a window of it: [start, end) and whether something is left out. */
function shownRange(length, around, carrier) {
  if (length <= MAX_SHOWN) return { start: 0, end: length, length };
  const isFar = carrier && carrier.end > around.start - AROUND + MAX_SHOWN; // white space makes a window long
  const start = Math.max(0, (isFar ? carrier : around).start - AROUND);
  return { start, end: Math.min(length, around.end + AROUND, start + MAX_SHOWN), length };
}

function markedText(points, { start, end, length }, sentences, carrier, hidden) {
  const nodes = rangesOf(start, end, sentences).map((range) => {
    const pieces = piecesOf(points, range.start, range.end, hidden).map(pieceNode);
    if (!range.sentence || range.sentence.drop < LEAST_DROP) return make("span", {}, ...pieces);
    const isCarrier = range.sentence.start === carrier?.start && range.sentence.end === carrier?.end;
    const mark = make("mark", { class: isCarrier ? "carrier" : "part", title: `Without this the score falls by ${score(range.sentence.drop)}` }, ...pieces);
    mark.style.setProperty("--weight", Math.sqrt(Math.min(range.sentence.drop, 1)).toFixed(3));
    return mark;
  });
  if (start > 0) nodes.unshift(leftOut(start));
  if (end < length) nodes.push(leftOut(length - end));
  return nodes;
}

const leftOut = (count) => make("span", { class: "left-out" }, `${count.toLocaleString("en")} characters are not shown here`);

function pieceNode(piece) {
  if (piece.kind === "plain") return document.createTextNode(piece.text);
  const names = [...new Set(piece.characters.map((each) => each.name))].slice(0, 4).join(", ");
  if (piece.kind === "invisible") return make("span", { class: "invisible", title: names }, nameOfInvisible(piece.characters));
  return make("span", { class: "lookalike", title: `${piece.characters[0].code_point} ${names}` }, piece.text);
}

function sentenceRows(sentences) {
  return [...sentences]
    .sort((a, b) => b.drop - a.drop)
    .map((each) => {
      const bar = make("span", { class: "bar" });
      place(bar, "width", Math.min(Math.max(each.drop, 0), 1));
      return make(
        "li",
        {},
        make("span", { class: "drop-value" }, `${each.drop < 0 ? "\u2212" : "+"}${score(Math.abs(each.drop))}`),
        make("span", { class: "bar-track", "aria-hidden": "true" }, bar),
        make("span", { class: "part-text", dir: "auto" }, shortened(each.text)),
      );
    });
}

function showHiddenCharacters() {
  const { explanation, points } = shown;
  const { hidden, hidden_total: total } = explanation;
  const target = byId("hidden-characters");
  if (!total) {
    target.replaceChildren();
    return;
  }
  const more = total > hidden.length ? ` The first ${hidden.length} are marked.` : "";
  const list = hiddenList(countByCodePoint(hidden, points));
  target.replaceChildren(
    make("h4", {}, `${total.toLocaleString("en")} ${total === 1 ? "character" : "characters"} that a reader does not see or takes for another`),
    make("p", { class: "note" }, `Invisible ones are named in place, look-alike letters are underlined.${more}`),
    list,
  );
}

function hiddenList(rows) {
  const items = rows.map((row) =>
    make(
      "li",
      {},
      make("code", {}, row.code_point),
      row.sample ? ` ${row.sample} ` : " ",
      row.name.toLowerCase(),
      make("span", { class: "sub" }, `${row.count === 1 ? "once" : `${row.count} times`}, first at character ${(row.first + 1).toLocaleString("en")}`),
    ),
  );
  const list = make("ul", { class: "hidden-list" }, ...items);
  return rows.length > MANY_KINDS ? make("details", {}, make("summary", {}, `${rows.length} kinds of them`), list) : list;
}

function showViews() {
  const { verdict, from_view: fromView, sentences, carrier, explained } = shown.explanation;
  byId("views-block").hidden = verdict.views.length === 0;
  byId("views").replaceChildren(
    ...verdict.views.map((view, index) => {
      const points = codePoints(view.text);
      const isMarked = index === fromView;
      const range = shownRange(points.length, isMarked ? explained : { start: 0, end: MAX_SHOWN }, isMarked ? carrier : null);
      const p = view.p_attack === null ? "not read" : `score ${score(view.p_attack)}`;
      return make(
        "article",
        { class: "view" },
        make(
          "p",
          { class: "view-head" },
          make("strong", {}, view.trace.split(" > ").map(words).join(", then ")),
          make("span", { class: "sub" }, `${p}, plausibility ${view.plausibility.toFixed(2)}`),
          ...(isMarked ? [make("span", { class: "sub" }, "it has the highest score")] : []),
        ),
        make("div", { class: "text", dir: "auto", tabindex: "0", role: "region", "aria-label": "Decoded text" }, ...markedText(points, range, isMarked ? sentences : [], isMarked ? carrier : null, [])),
      );
    }),
  );
}

function showFacts() {
  const { explanation, milliseconds } = shown;
  const { verdict } = explanation;
  const facts = [
    ["Class", `${words(verdict.label)}, confidence ${score(verdict.confidence)}`],
    ["Family", verdict.family === "none" ? "none" : words(verdict.family)],
    ["Route", verdict.route === "deep" ? "deep branch" : "fast branch"],
    ["Policy", POLICY_NAMES[verdict.policy] ?? verdict.policy],
    ["Windows read", `${verdict.windows_read} of ${verdict.windows}`],
    ["Characters read", percent(verdict.coverage) + (verdict.truncated ? ", so something may stand in the rest" : "")],
  ];
  if (verdict.views_truncated) facts.push(["Hidden text", "searched for in a part of the text only"]);
  if (verdict.unreadable > 0) facts.push(["Unknown to the network", `${percent(verdict.unreadable)} of the characters`]);
  facts.push(["16-bit code", String(verdict.code)], ["Answer after", `${Math.round(milliseconds).toLocaleString("en")} ms, explanation included`]);
  byId("facts").replaceChildren(...facts.map(([name, value]) => make("div", {}, make("dt", {}, name), make("dd", {}, value))));
}

// Small things

/** An element; strings among the children become text, so nothing that was sent is ever parsed. */
function make(tag, attributes, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...children);
  return element;
}

const place = (element, property, share) => element.style.setProperty(property, `${100 * share}%`);
const words = (name) => name.replaceAll("_", " ");
const percent = (share) => `${share < 1 ? Math.min(99.9, 100 * share).toFixed(1) : "100"}%`;
const shortened = (text) => (codePoints(text).length > 200 ? `${codePoints(text).slice(0, 200).join("")}\u2026` : text);

/** Four digits; six near 1, where thresholds of few false alarms lie close together. Rounding makes no certainty of a score. */
function score(value) {
  if (value > 0 && value < 0.00005) return "<0.0001";
  if (value < 1 && value > 0.9999995) return ">0.999999";
  return value.toFixed(value > 0.999 && value < 1 ? 6 : 4);
}

function exampleButtons(kind) {
  return EXAMPLES[kind].map((example) => {
    const button = make("button", { type: "button" }, example.title);
    button.addEventListener("click", () => {
      textField.value = example.text;
      choose("kind", example.kind ?? "prompt");
      if (info) showKind();
      showCount();
      judge();
    });
    return make("li", {}, button);
  });
}

function listen() {
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    judge();
  });
  form.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      judge();
    }
  });
  form.addEventListener("change", (event) => {
    if (event.target.name === "kind") showKind();
  });
  textField.addEventListener("input", showCount);
  byId("threshold").addEventListener("input", (event) => tryThreshold(Number(event.target.value)));
  byId("file").addEventListener("change", (event) => {
    if (event.target.files.length) openFile(event.target.files[0]);
    event.target.value = ""; // so that the same file can be opened again
  });
  const drop = byId("drop");
  // Everywhere, or a file that misses the field would replace the page.
  window.addEventListener("dragover", (event) => {
    if (!event.dataTransfer.types.includes("Files")) return; // text that is dragged goes where it falls
    event.preventDefault();
    drop.classList.add("over");
  });
  window.addEventListener("dragleave", (event) => {
    if (!event.relatedTarget) drop.classList.remove("over");
  });
  window.addEventListener("drop", (event) => {
    drop.classList.remove("over");
    if (!event.dataTransfer.files.length) return;
    event.preventDefault();
    openFile(event.dataTransfer.files[0]);
  });
}

byId("attack-examples").replaceChildren(...exampleButtons("attack"));
byId("harmless-examples").replaceChildren(...exampleButtons("harmless"));
listen();
loadInfo().catch(showRefusal);
