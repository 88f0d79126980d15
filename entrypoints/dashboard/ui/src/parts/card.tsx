// The frame of a page and of its parts.

import type { ComponentChildren } from "preact";

export function Card({
  title,
  aside,
  children,
  footer,
  flush = false,
}: {
  title?: ComponentChildren;
  aside?: ComponentChildren;
  children: ComponentChildren;
  footer?: ComponentChildren;
  flush?: boolean;
}) {
  return (
    <section class="card">
      {title && (
        <header>
          <h2>{title}</h2>
          {aside && <div class="push row">{aside}</div>}
        </header>
      )}
      {flush ? children : <div class="inside">{children}</div>}
      {footer && <footer>{footer}</footer>}
    </section>
  );
}

export function PageHead({
  title,
  crumbs,
  children,
}: {
  title: ComponentChildren;
  crumbs?: ComponentChildren;
  children?: ComponentChildren;
}) {
  return (
    <div class="head">
      {crumbs && (
        <nav class="crumbs" aria-label="Above this page">
          {crumbs}
        </nav>
      )}
      <h1 tabIndex={-1}>{title}</h1>
      {children}
    </div>
  );
}

export function Figure({ label, value, foot }: { label: string; value: string; foot: string }) {
  return (
    <div class="card tile">
      <span class="label">{label}</span>
      <span class="value">{value}</span>
      <span class="foot">{foot}</span>
    </div>
  );
}
