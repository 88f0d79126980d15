// Requests to the API: JSON both ways, errors as one class, the CSRF header where it is due.

import { below } from "../place";
import type { Json } from "./types";

export const BASE = below("/api/v1");
const SECONDS = 30;
/** What these refuse was typed there, and says nothing about the session. */
const TYPED = /\/(login|setup|me\/password)$/;

export interface Details {
  field?: string;
  at?: number;
  length?: number;
  hint?: string;
}

/** An answer that is no success, or none at all (status 0). */
export class ApiError extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
    readonly details: Details = {},
  ) {
    super(message);
  }
}

let csrfToken: string | null = null;
let onLoggedOut: () => void = () => undefined;

export const trust = (token: string | null): void => void (csrfToken = token);
export const whenLoggedOut = (act: () => void): void => void (onLoggedOut = act);

export type Query = Record<string, string | number | undefined | null>;

export function address(path: string, query: Query = {}): string {
  const given = Object.entries(query).filter(
    ([, value]) => value !== undefined && value !== null && value !== "",
  );
  const search = new URLSearchParams(given.map(([name, value]) => [name, String(value)])).toString();
  return BASE + path + (search && `?${search}`);
}

/** What was asked for before the code that wants it was there, by address. */
const begun = new Map<string, { answer: Promise<unknown>; data?: unknown }>();
const BEGUN_SECONDS = 5;

/** Ask now for what somebody will want to get soon. */
export function begin(path: string, query?: Query): void {
  const url = address(path, query);
  const one: { answer: Promise<unknown>; data?: unknown } = { answer: call("GET", url) };
  one.answer.then(
    (data) => (one.data = data),
    () => undefined,
  );
  begun.set(url, one);
  setTimeout(() => begun.delete(url), BEGUN_SECONDS * 1000);
}

/** Ends when all that was begun is answered. */
export const settled = async (): Promise<void> =>
  void (await Promise.allSettled([...begun.values()].map(({ answer }) => answer)));

/** What was begun, once, if it is here already. */
export function arrived<T>(path: string, query?: Query): T | undefined {
  const url = address(path, query);
  const data = begun.get(url)?.data as T | undefined;
  if (data !== undefined) begun.delete(url);
  return data;
}

export async function get<T>(path: string, query?: Query, signal?: AbortSignal): Promise<T> {
  const url = address(path, query);
  const early = begun.get(url);
  if (!early) return call<T>("GET", url, undefined, signal);
  begun.delete(url);
  const data = (await early.answer) as T;
  signal?.throwIfAborted();
  return data;
}
export const post = <T>(path: string, body: object = {}): Promise<T> => call<T>("POST", address(path), body);
export const put = <T>(path: string, body: object): Promise<T> => call<T>("PUT", address(path), body);
export const patch = <T>(path: string, body: object): Promise<T> => call<T>("PATCH", address(path), body);
export const remove = <T>(path: string): Promise<T> => call<T>("DELETE", address(path));

async function call<T>(method: string, url: string, body?: object, signal?: AbortSignal): Promise<T> {
  const headers: Record<string, string> = {};
  if (body !== undefined) headers["Content-Type"] = "application/json";
  if (method !== "GET" && csrfToken) headers["X-CSRF-Token"] = csrfToken;
  const limit = AbortSignal.timeout(SECONDS * 1000);
  let response: Response;
  try {
    response = await fetch(url, {
      method,
      headers,
      body: body === undefined ? undefined : JSON.stringify(body),
      signal: signal ? AbortSignal.any([signal, limit]) : limit,
    });
  } catch (error) {
    if (signal?.aborted) throw error;
    throw new ApiError(0, "unreachable", "The brain does not answer. Is it running?");
  }
  if (response.status === 204) return undefined as T;
  let answer: unknown = null;
  try {
    answer = await response.json();
  } catch (error) {
    if (signal?.aborted) throw error;
    if (response.ok) throw new ApiError(0, "unreachable", "The brain's answer did not arrive whole.");
  }
  if (response.ok) return answer as T;
  const told = (answer as { error?: { code: string; message: string; details?: Details } } | null)?.error;
  if (response.status === 401 && !TYPED.test(url)) onLoggedOut();
  throw new ApiError(
    response.status,
    told?.code ?? "error",
    told?.message ?? `The brain answered ${response.status}.`,
    told?.details,
  );
}

/** One word for a shell, whatever is in it. */
export const quotedForShell = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;

/** The same request for a shell. */
export function asCurl(path: string, query: Query = {}, body?: Json): string {
  const lines = [`curl -H "Authorization: Bearer $TASKDECK_API_KEY"`];
  if (body !== undefined)
    lines.push(`-H 'Content-Type: application/json'`, `-d ${quotedForShell(JSON.stringify(body))}`);
  lines.push(quotedForShell(location.origin + address(path, query)));
  return lines.join(" \\\n  ");
}
