/** Photos that could not be read: which, why, and what to do about it. */
import { useMemo, useState } from "preact/hooks";
import type { Failure } from "../contract";
import { failures } from "../state";
import { announce } from "./announce";
import { chooseFolder } from "./adding";
import { PageHead } from "./page-head";
import { counted, fileName, folderName } from "./words";

interface Reason {
  reason: string;
  names: string[];
}

/** Gather failures by reason, the commonest first. */
export function byReason(list: readonly Failure[]): Reason[] {
  const gathered = new Map<string, string[]>();
  for (const { name, reason } of list) {
    const names = gathered.get(reason);
    if (names) names.push(name);
    else gathered.set(reason, [name]);
  }
  return [...gathered].map(([reason, names]) => ({ reason, names })).sort((one, other) => other.names.length - one.names.length);
}

/** Longer groups are cut here until asked for, so that 10,000 broken files do not fill the page. */
const SHOWN = 50;

function ReasonGroup({ reason, names }: Reason) {
  const [all, setAll] = useState(false);
  const shown = all ? names : names.slice(0, SHOWN);
  return (
    <section class="card failure-group">
      <h2 class="failure-reason">{reason}</h2>
      <p class="muted">{counted(names.length, "file")}</p>
      <ul class="failure-names">
        {shown.map((name) => (
          <li key={name}><span class="failure-name">{fileName(name)}</span> <span class="muted">{folderName(name)}</span></li>
        ))}
      </ul>
      {shown.length < names.length && <button type="button" class="button" onClick={() => setAll(true)}>Show all {counted(names.length, "file")}</button>}
    </section>
  );
}

export function Failures() {
  const list = failures.value;
  const groups = useMemo(() => byReason(list), [list]);
  const [copied, setCopied] = useState(false);
  const copy = async () => {
    await navigator.clipboard.writeText(list.map(({ name, reason }) => `${name}\t${reason}`).join("\n"));
    setCopied(true);
    announce("The list is copied");
  };
  return (
    <div class="page" data-testid="failure-list">
      <PageHead
        title="Photos that could not be read"
        lead={list.length === 0 ? "" : `${counted(list.length, "file")} could not be read. The files are as they were, and adding their folder again tries those once more that may work now.`}
      />
      {list.length === 0 ? (
        <div class="empty">
          <p class="empty-title">Every photo could be read</p>
          <p>If one ever cannot, it is listed here with the reason.</p>
          <a class="button" href="#/">Back to your photos</a>
        </div>
      ) : (
        <>
          <div class="actions">
            <button type="button" class="button" onClick={() => void copy()}>{copied ? "Copied" : "Copy the list"}</button>
            <button type="button" class="button" onClick={chooseFolder}>Add a folder again</button>
          </div>
          {groups.map((group) => <ReasonGroup key={group.reason} {...group} />)}
        </>
      )}
    </div>
  );
}
