/** Below a list that is read page by page (`usePages`). */
export function More({
  list: { more, newest },
  label,
}: {
  list: { more: (() => void) | null; newest: (() => void) | null };
  label: string;
}) {
  if (!more && !newest) return null;
  return (
    <div class="inside row">
      {more && <button onClick={more}>{label}</button>}
      {newest && (
        <>
          <span class="soft small">What has come since is not shown.</span>
          <button class="quiet" onClick={newest}>
            Show the newest
          </button>
        </>
      )}
    </div>
  );
}
