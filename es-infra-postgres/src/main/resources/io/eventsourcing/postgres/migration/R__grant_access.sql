-- Who may do what. Run again whenever the roles change.
--
-- Whoever reads all tenants says so in a setting, and must be the system role. Where one login does everything that is PUBLIC:
-- then the condition of row-level security is an OR for everybody, which no index answers. The comparison has no scalar subquery,
-- because it is made only for rows of other tenants than the one that is set.
--
-- A start that names no roles does not take the policy away from roles that were named before: to go back to one login, drop the
-- policies of_all_tenants and of_system first. The lock is not waited for long, because everybody's appends wait behind it.
set local lock_timeout = '5s';

do $$
declare
    policed regclass;
begin
    if '${system_role}' = 'public' and exists (
        select from pg_catalog.pg_policy p
        where p.polrelid = '"${schema}".event'::regclass and p.polname = 'of_all_tenants' and not 0 = any (p.polroles)) then
        return;
    end if;
    foreach policed in array array['"${schema}".event', '"${schema}".event_tag', '"${schema}".closed_stream']::regclass[] loop
        execute format('drop policy if exists of_all_tenants on %s', policed);
        execute format('create policy of_all_tenants on %s for select to ${system_role}'
            ' using (current_setting(''eventsourcing.all_tenants'', true) = ''on'')', policed);
    end loop;
    -- what subscriptions keep belongs to no tenant
    foreach policed in array array['"${schema}".subscription', '"${schema}".checkpoint', '"${schema}".lease',
                                   '"${schema}".parked_event']::regclass[] loop
        execute format('drop policy if exists of_system on %s', policed);
        execute format('create policy of_system on %s to ${system_role} using (true)', policed);
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
        execute format('grant select, insert, update, delete on "${schema}".closed_stream, "${schema}".snapshot to %1$I',
            granted_role);
    end loop;
end
$$;

-- The system role alone works on subscriptions.
do $$
declare
    granted_role text;
begin
    foreach granted_role in array '{${granted_system_role}}'::text[] loop
        execute format('grant select, insert, update on "${schema}".subscription, "${schema}".checkpoint to %1$I', granted_role);
        execute format('grant select, insert, update, delete on "${schema}".lease, "${schema}".parked_event to %1$I', granted_role);
    end loop;
end
$$;
