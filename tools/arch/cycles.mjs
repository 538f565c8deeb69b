/**
 * Cycles of a directed graph, one per edge that closes one, each as the nodes on the way round.
 * @param {Map<string, Iterable<string>>} edges @returns {string[][]}
 */
export function cyclesIn(edges) {
  const done = new Set();
  const path = [];
  const cycles = [];
  const visit = (node) => {
    if (done.has(node)) return;
    const at = path.indexOf(node);
    if (at !== -1) {
      cycles.push([...path.slice(at), node]);
      return;
    }
    path.push(node);
    for (const next of edges.get(node) ?? []) visit(next);
    path.pop();
    done.add(node);
  };
  for (const node of edges.keys()) visit(node);
  return cycles;
}
