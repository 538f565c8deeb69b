/**
 * Settings of the embedded server, as `-c name=value` arguments: they win over the cluster's own file, so that an older
 * cluster gets the settings of a newer release.
 *
 * @param major PostgreSQL's major version: not every setting exists in all
 * @param durable `false` only for tests of logic: a commit is then not on the disk when it is acknowledged
 */
export function serverSettings(major: number, durable: boolean): readonly string[] {
  const settings: Record<string, string | number> = {
    // Reachable through the socket in the cluster's own folder (0700) alone.
    listen_addresses: '',
    unix_socket_directories: '.',
    unix_socket_permissions: '0700',
    port: 5432,
    fsync: durable ? 'on' : 'off',
    synchronous_commit: durable ? 'on' : 'off',
    full_page_writes: durable ? 'on' : 'off',
    shared_buffers: '64MB',
    max_connections: 40,
    // An open transaction holds back every reader of the log in commit order.
    idle_in_transaction_session_timeout: '5s',
    // Nothing uses these; each costs a process or memory.
    max_parallel_workers_per_gather: 0,
    max_logical_replication_workers: 0,
    max_wal_senders: 0,
    autovacuum_max_workers: 2,
    jit: 'off',
    // Statements and values hold personal data: neither errors nor their details are logged.
    log_min_messages: 'log',
    log_min_error_statement: 'panic',
    log_error_verbosity: 'terse',
    log_checkpoints: 'off',
    timezone: 'UTC',
    log_timezone: 'UTC',
    cluster_name: 'rollcall',
    ...(major >= 18 ? { io_method: 'sync' } : {}),
  };
  return Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
}
