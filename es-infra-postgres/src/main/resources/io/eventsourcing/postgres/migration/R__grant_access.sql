-- Who may do what. Run again whenever the roles change.
--
-- Whoever reads all tenants says so in a setting, and must be the system role. Where one login does everything that is PUBLIC:
-- then the condition of row-level security is an OR for everybody, which no index answers. The comparison has no scalar subquery,
-- because it is made only for rows of other tenants than the one that is set.
--
-- A start that names no roles does not take the policies away from the system role that was named before, which gets them on tables
-- that are new: to go back to one login, drop the policies of_all_tenants and of_system first. The lock is not waited for long, because
-- everybody's appends wait behind it.
set local lock_timeout = '5s';

do $$
declare
    system_role text := '${system_role}';
    policed     regclass;
begin
    if system_role = 'public' then
        select coalesce(string_agg(quote_ident(r.rolname), ', '), system_role) into system_role
        from pg_catalog.pg_policy p join pg_catalog.pg_roles r on r.oid = any (p.polroles)
        where p.polrelid = '"${schema}".event'::regclass and p.polname = 'of_all_tenants';
    end if;
    foreach policed in array array['"${schema}".event', '"${schema}".event_tag', '"${schema}".closed_stream']::regclass[] loop
        execute format('drop policy if exists of_all_tenants on %s', policed);
        execute format('create policy of_all_tenants on %s for select to %s'
            ' using (current_setting(''eventsourcing.all_tenants'', true) = ''on'')', policed, system_role);
    end loop;
    -- workers take the commands of all tenants, projections follow them, and what is over is removed for all
    foreach policed in array array['"${schema}".command', '"${schema}".saga', '"${schema}".applied_stream']::regclass[] loop
        execute format('drop policy if exists of_all_tenants on %s', policed);
        execute format('create policy of_all_tenants on %s to %s'
            ' using (current_setting(''eventsourcing.all_tenants'', true) = ''on'')', policed, system_role);
    end loop;
    -- what subscriptions keep belongs to no tenant
    foreach policed in array array['"${schema}".subscription', '"${schema}".checkpoint', '"${schema}".lease',
                                   '"${schema}".parked_event']::regclass[] loop
        execute format('drop policy if exists of_system on %s', policed);
        execute format('create policy of_system on %s to %s using (true)', policed, system_role);
    end loop;
end
$$;

-- Roles that own nothing. The column grants leave the position out: who may choose positions can fill a gap that readers of
-- the log have passed.
do $$
declare
    granted_role text;
begin
    foreach granted_role in array '{${granted_roles}}'::text[] loop
        execute format('grant usage on schema "${schema}" to %1$I', granted_role);
        execute format('grant execute on all functions in schema "${schema}" to %1$I', granted_role);
        execute format('grant select on sequence "${schema}".event_position_seq to %1$I', granted_role);
        execute format('grant select, delete, insert (tenant, stream_type, stream_id, version, event_id, type, schema_version, payload,'
            ' codec, metadata, tags, recorded_at) on "${schema}".event to %1$I', granted_role);
        execute format('grant select, insert, delete on "${schema}".event_tag to %1$I', granted_role);
        execute format('grant select, insert, update, delete on "${schema}".closed_stream, "${schema}".snapshot, "${schema}".command, "${schema}".saga'
            ' to %1$I', granted_role);
        execute format('grant select on "${schema}".projection, "${schema}".projection_generation to %1$I', granted_role);
        execute format('grant select, insert, update on "${schema}".applied_stream to %1$I', granted_role);
    end loop;
end
$$;

-- The system role alone works on subscriptions: the one of the policy, where there is one.
do $$
declare
    granted_role regrole;
begin
    for granted_role in
        select r.oid
        from pg_catalog.pg_policy p join pg_catalog.pg_roles r on r.oid = any (p.polroles)
        where p.polrelid = '"${schema}".checkpoint'::regclass and p.polname = 'of_system'
    loop
        execute format('grant select, insert, update on "${schema}".subscription, "${schema}".checkpoint,'
            ' "${schema}".projection, "${schema}".projection_generation to %s', granted_role);
        execute format('grant select, insert, update, delete on "${schema}".lease, "${schema}".parked_event, "${schema}".command, "${schema}".saga,'
            ' "${schema}".applied_stream to %s', granted_role);
    end loop;
end
$$;
