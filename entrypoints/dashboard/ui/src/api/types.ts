// What the API answers (`/api/v1`), as far as the dashboard reads it.

export type State =
  "sent" | "received" | "started" | "retried" | "succeeded" | "failed" | "revoked" | "rejected";
export type Role = "viewer" | "operator" | "admin";
export type Json = null | boolean | number | string | Json[] | { [name: string]: Json };

export interface User {
  id: string;
  username: string;
  name: string;
  instance_admin: boolean;
}
export interface FullUser extends User {
  created_at: string;
  disabled: boolean;
}
export interface Membership {
  slug: string;
  name: string;
  role: Role;
}
export interface Me {
  user: User | null;
  csrf_token: string | null;
  projects: Membership[];
}

export interface Task {
  engine: string;
  task_id: string;
  name: string | null;
  state: State;
  queue: string | null;
  worker: string | null;
  priority: Json;
  tags: Json;
  exception: string | null;
  exception_message: string | null;
  reason: string | null;
  fingerprint: string | null;
  parent_task_id: string | null;
  root_task_id: string | null;
  attempts: number;
  runtime_ms: number | null;
  wait_ms: number | null;
  received_at: string | null;
  started_at: string | null;
  finished_at: string | null;
  first_seen_at: string;
  last_event_at: string;
  /** Since when its worker is gone, for a task that was running there. */
  lost_since: string | null;
}
export interface Attempt {
  state: State;
  received_at: string | null;
  started_at: string | null;
  finished_at: string | null;
  runtime_ms: number | null;
  wait_ms: number | null;
}
export interface TaskEvent {
  id: string;
  kind: string;
  engine: string;
  task_id: string;
  occurred_at: string;
  received_at: string;
  data: { [name: string]: Json };
}
export interface TimelineEvent extends TaskEvent {
  repeats: boolean;
}
export interface TaskDetail extends Task {
  args: Json;
  kwargs: Json;
  result: Json;
  traceback: string | null;
  history: Attempt[];
  timeline: TimelineEvent[];
  commands: Command[];
  children?: Task[];
  parent?: Task | null;
}
export interface TaskPage {
  tasks: Task[];
  next_cursor: string | null;
  searched?: { complete: boolean; back_to: string | null };
}

export interface Command {
  id: string;
  action: string;
  engine: string | null;
  agent_id: string | null;
  worker_id: string | null;
  task_id: string | null;
  queue: string | null;
  parameters: { [name: string]: Json };
  timeout_seconds: number;
  issued_by: string;
  issued_by_name: string;
  attempts: number;
  result: Json;
  error: string | null;
  note: string | null;
  status: string;
  final: boolean;
  issued_at: string;
  deadline: string;
  acknowledged_at: string | null;
  finished_at: string | null;
  delivery: { agent_id: string; worker_id: string; at: string } | null;
  advice?: string[];
}

export interface Worker {
  agent_id: string;
  worker_id: string;
  online: boolean;
  deployment: string;
  connected_at: string | null;
  disconnected_at: string | null;
  disconnect_reason: string | null;
  host?: string | null;
  pid?: number | null;
  role?: string | null;
  started_at?: string | null;
  agent_version?: string;
  framework?: string;
  engines?: string[];
  capabilities?: { [engine: string]: string[] };
  health: {
    at: string;
    node: string | null;
    buffer_depth: number | null;
    dropped_events: number | null;
    lost_events: number | null;
    last_flush_at: string | null;
    connection_failures: number | null;
    adapters: { [name: string]: Json };
  } | null;
  running: Task[];
}

export interface Fleet {
  online: number;
  losing: number;
  gone: number;
  deployments: { name: string; online: number }[];
}
export interface WorkerPage {
  workers: Worker[];
  fleet: Fleet;
  running_elsewhere: Task[];
  next_cursor: string | null;
}

export interface QueueMinute {
  at: string;
  received: number;
  started: number;
  ended: number;
  depth: number | null;
  depth_max: number | null;
}
export interface Queue {
  engine: string;
  queue: string;
  depth: number | null;
  depth_at: string | null;
  depth_age_seconds: number | null;
  oldest_waiting_at: string | null;
  oldest_waiting_seconds: number | null;
  received_per_minute: number;
  started_per_minute: number;
  ended_per_minute: number;
  minutes: QueueMinute[];
}

export interface Percentiles {
  p50: number | null;
  p95: number | null;
  p99: number | null;
}
export interface Window {
  counts: { [state: string]: number };
  run_ms: Percentiles;
  wait_ms: Percentiles;
  run_total_ms: number | null;
}
export interface NamedWindow extends Window {
  engine: string;
  name: string | null;
}
export interface Stats {
  since: string;
  until: string;
  step_seconds: number;
  total: Window;
  tasks: NamedWindow[];
  points: ({ at: string } & Window)[];
}

export interface Place {
  name: string | null;
  runs: number;
  failed: number;
  run_ms: Percentiles;
  wait_ms: Percentiles;
}
export interface RecentRuns {
  runs: number;
  since: string | null;
  queues: Place[];
  workers: Place[];
}

export interface Overview {
  throughput_per_second: number | null;
  failure_share: number | null;
  run_p95_ms: number | null;
  wait_p95_ms: number | null;
  backlog: number | null;
  backlog_growth_per_minute: number | null;
  workers: { online: number; busy: number; losing: number; gone: number };
  attention: { kind: string; text: string; link: string }[];
}
export interface Readiness {
  status: string;
  brain: string;
  database: string;
  backlog: string;
  listener: string;
  retention: string;
  sessions: number;
}
export interface Failure {
  fingerprint: string;
  rest: boolean;
  exception: string | null;
  place: string | null;
  message: string | null;
  count: number;
  retried: number;
  first_seen_at: string;
  last_seen_at: string;
  tasks: { engine: string; name: string | null; count: number }[];
  trend: { at: string; count: number }[];
  example: { engine: string; task_id: string; message: string | null } | null;
}
export interface Failures {
  since: string;
  until: string;
  step_seconds: number;
  failures: Failure[];
  left_out: number;
}
export interface Bulk {
  id: string;
  action: string;
  query: string;
  status: "running" | "paused" | "cancelled" | "finished";
  total: number;
  done: number;
  succeeded: number;
  failed: number;
  unknown: number;
  skipped: number;
  rate_per_second: number;
  created_by: string;
  created_by_name: string;
  created_at: string;
  finished_at: string | null;
}
export interface BulkPreview {
  count: number;
  exact: boolean;
  sample: Task[];
  advice: string[];
}
export interface AuditEntry {
  stream: string;
  stream_name: string;
  version: number;
  kind: string;
  at: string;
  actor: string;
  actor_name: string;
  address: string | null;
  data: { [name: string]: Json };
  hash: string;
}
export interface Bookmark {
  name: string;
  search: string;
}
export interface Kept {
  kind: "events" | "tasks" | "commands" | "statistics";
  days: number;
  setting: string;
  oldest_day: string | null;
  lag_seconds: number;
  late: boolean;
}
export interface Agent {
  id: string;
  name: string;
  created_at: string;
  revoked_at: string | null;
  old_token_ends_at?: string | null;
}
export interface Minted {
  agent: Agent;
  token: string;
  hmac_secret: string;
  advice?: string[];
}
export interface ApiKey {
  id: string;
  name: string;
  role: Role;
  prefix: string;
  project: string | null;
  created_at: string;
  expires_at: string | null;
  revoked_at: string | null;
}
export interface Member {
  user: { id: string; username: string; name: string };
  role: Role;
}
