const UNKNOWN = 'unknown';

/**
 * The block of addresses that counts as one source: the /24 of an IPv4 address, the /64 of an IPv6 one. All that is no
 * address is one source too, so that leaving it out or garbling it gains nothing.
 */
export function sourceBlock(address: string | undefined): string {
  const plain = address?.toLowerCase().replace(/%.*$/, '') ?? '';
  const v4 = ipv4(/^(?:::ffff:)?(\d+\.\d+\.\d+\.\d+)$/.exec(plain)?.[1] ?? '');
  if (v4) return `${v4.slice(0, 3).join('.')}.0/24`;
  const v6 = ipv6(plain);
  return v6 ? `${v6.slice(0, 4).map((group) => group.toString(16)).join(':')}::/64` : UNKNOWN;
}

function ipv4(text: string): readonly number[] | undefined {
  const parts = text.split('.');
  const valid = parts.length === 4 && parts.every((part) => /^\d{1,3}$/.test(part) && Number(part) <= 255);
  return valid ? parts.map(Number) : undefined;
}

/** Eight groups. */
function ipv6(text: string): readonly number[] | undefined {
  const halves = text.split('::');
  if (halves.length > 2 || !text.includes(':')) return undefined;
  const groups = halves.map((half) => (half === '' ? [] : half.split(':')));
  const last = groups.at(-1);
  const embedded = ipv4(last?.at(-1) ?? '');
  if (last && embedded) {
    const [a = 0, b = 0, c = 0, d = 0] = embedded;
    last.splice(-1, 1, ((a << 8) | b).toString(16), ((c << 8) | d).toString(16));
  }
  const [head = [], tail = []] = groups;
  const missing = 8 - head.length - tail.length;
  if (halves.length === 2 ? missing < 1 : missing !== 0) return undefined;
  const all = [...head, ...Array.from({ length: missing }, () => '0'), ...tail];
  return all.every((group) => /^[0-9a-f]{1,4}$/.test(group)) ? all.map((group) => Number.parseInt(group, 16)) : undefined;
}
