// What workers are called, and how they are told apart.

import type { Worker } from "../api/types";

/** What people call it: as its engine does, or by host. */
export const nameOf = (worker: Worker): string => worker.health?.node ?? (worker.host || worker.worker_id);

/** Tells workers apart. */
export const slotOf = (worker: Worker): string => `${worker.agent_id}/${worker.worker_id}`;

export const lostBy = ({ health }: Worker): number => health?.lost_events ?? 0;
