// Just enough for the type check of the tests, which Node runs.
declare module "node:assert/strict";
declare module "node:test";
