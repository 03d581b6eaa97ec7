// What can be chosen: exchanges, and of one its parts, profiles, examples and rejects.

import { byId, element } from "./dom.js";

const FIRST = "flexibility/needs";
const PARTS = ["request", "reply"];

export class Choice {
  /** ``on`` takes chosen(change). ``description`` is what the server says of the exchange that is shown. */
  constructor(on) {
    this.exchange = byId("exchange");
    this.case = byId("case");
    this.profile = byId("profile");
    this.description = null;
    for (const name of ["exchange", "case", "profile"]) {
      this[name].addEventListener("change", () => on.chosen({ [name]: this[name].value }));
    }
  }

  /** Offer exchanges [{id, title, problems}]. */
  offer(exchanges) {
    if (!exchanges.length) throw new Error("This catalogue has no exchange yet.");
    const services = Map.groupBy(exchanges, (one) => one.id.split("/")[0]);
    const groups = [...services].map(([service, ones]) => element("optgroup", { label: service }, ...ones.map(option)));
    this.exchange.replaceChildren(...groups);
    const whole = exchanges.filter((one) => !one.problems.length);
    this.first = (whole.find((one) => one.id === FIRST) ?? whole[0] ?? exchanges[0]).id;
  }

  /** A state to begin an exchange with: its first example, seen from where its data is. */
  beginning(profile) {
    const { id, kind, cases, profiles } = this.description;
    const first = cases.find((one) => one.kind === "example") ?? cases[0];
    const state = { exchange: id, profile: profiles.includes(profile) ? profile : profiles[0], part: "request", patterns: {} };
    const part = kind === "ask" && first?.reply !== undefined ? "reply" : "request";
    return { ...state, ...texts(first), part };
  }

  /** A state with another part, profile or case. */
  changed(state, change) {
    const found = this.cases().find(([name]) => name === change.case)?.[1];
    if (!found) return { ...state, ...change, case: state.case };
    const isRefusedReply = found.kind === "reject" && found.told?.startsWith(`${state.exchange} reply`);
    const part = isRefusedReply ? "reply" : found.kind === "reject" || found.reply === undefined ? "request" : state.part;
    return { ...state, ...texts(found), part };
  }

  /** A state of a link, with a profile that there is, and without pattern files that there are not. */
  fitting(state) {
    const { profiles, patterns } = this.description;
    const known = Object.entries(state.patterns).filter(([file]) => file in patterns);
    const profile = profiles.includes(state.profile) ? state.profile : profiles[0];
    return { ...state, profile, patterns: Object.fromEntries(known) };
  }

  /** The state after the files have changed: a case that nobody has edited is what its file says now. */
  renewed(state, before) {
    const old = casesOf(before).find(([name]) => name === state.case)?.[1];
    const now = this.cases().find(([name]) => name === state.case)?.[1];
    const isUntouched = old && PARTS.every((part) => state[part] === (old[part] ?? ""));
    return this.fitting(isUntouched && now ? { ...state, ...texts(now) } : state);
  }

  show(state) {
    const { description } = this;
    this.exchange.value = state.exchange;
    this.profile.replaceChildren(...description.profiles.map((name) => element("option", {}, name)));
    this.profile.value = state.profile;
    this.profile.disabled = description.profiles.length < 2;
    this.showCases(state);
    const verbs = description.kind === "ask" ? ["asks", "answers"] : ["posts", "reacts"];
    byId("operation").replaceChildren(
      element("strong", {}, description.title), " · ", element("code", {}, description.operation), " · ",
      `${description.initiator} ${verbs[0]}, ${description.responder} ${verbs[1]}`,
    );
    byId("note").hidden = !description.note;
    byId("note").querySelector("p").textContent = description.note;
  }

  showCases(state) {
    const key = JSON.stringify([state.exchange, this.description.edition]);
    if (key !== this.shown) {
      this.shown = key;
      const group = (kind, label) => {
        const ones = this.cases().filter(([, one]) => one.kind === kind);
        const options = ones.map(([name, one]) => element("option", { value: name }, one.name.replaceAll("_", " ")));
        return element("optgroup", { label }, ...options);
      };
      const own = element("option", { value: "", hidden: true }, "edited");
      this.case.replaceChildren(own, group("example", "Examples"), group("reject", "Rejects"));
    }
    this.case.value = this.untouched(state) ? state.case : "";
  }

  cases() {
    return casesOf(this.description);
  }

  /** The case that the messages are, when nobody has edited them. */
  untouched(state) {
    const found = this.cases().find(([name]) => name === state.case)?.[1];
    return found && PARTS.every((part) => state[part] === (found[part] ?? "")) ? found : null;
  }

  /** The pattern file that the state's part is written by. */
  file(state) {
    return this.description.files[`${state.profile}/${state.part}`];
  }

  /** What to say of a reject beside its verdict. */
  expected(state, steps, { part }) {
    const found = this.untouched(state);
    if (Object.keys(state.patterns).length || found?.kind !== "reject" || !found.told?.startsWith(`${state.exchange} ${part}`)) return "";
    const faults = steps.find((one) => one.state === "refused")?.faults ?? [];
    const said = faults.map((one) => `${one.pointer || "/"}: ${one.message}`).join("; ");
    if (!faults.length) return "This reject is not refused: its folder says that it should be.";
    return `${state.exchange} ${part}: ${said}` === found.told
      ? `As rejects/${found.name}.txt says.`
      : `rejects/${found.name}.txt says something else: ${found.told}`;
  }
}

function option({ id, title, problems }) {
  const name = id.split("/")[1];
  return element("option", { value: id }, problems.length ? `${name} (cannot be read)` : `${name} – ${title}`);
}

function casesOf(description) {
  return description.cases.map((one) => [`${one.kind}/${one.name}`, one]);
}

function texts(found) {
  if (!found) return { case: "", request: "", reply: "" };
  return { case: `${found.kind}/${found.name}`, request: found.request, reply: found.reply ?? "" };
}
