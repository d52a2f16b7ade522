-- Who may do what. Run again whenever the roles change.
--
-- Whoever reads all tenants says so in a setting, and must be the system role. Where one login does everything that is PUBLIC:
-- then the condition of row-level security is an OR for everybody, which no index answers. The comparison has no scalar subquery,
-- because it is made only for rows of other tenants than the one that is set.
drop policy if exists of_all_tenants on "${schema}".event;
create policy of_all_tenants on "${schema}".event for select to ${system_role}
    using (current_setting('eventsourcing.all_tenants', true) = 'on');
drop policy if exists of_all_tenants on "${schema}".event_tag;
create policy of_all_tenants on "${schema}".event_tag for select to ${system_role}
    using (current_setting('eventsourcing.all_tenants', true) = 'on');
drop policy if exists of_all_tenants on "${schema}".closed_stream;
create policy of_all_tenants on "${schema}".closed_stream for select to ${system_role}
    using (current_setting('eventsourcing.all_tenants', true) = 'on');

-- Roles that own nothing. The column grants leave the position out: who may choose positions can fill a gap that readers of
-- the log have passed.
do $$
declare
    granted_role text;
begin
    foreach granted_role in array '{${granted_roles}}'::text[] loop
        execute format('grant usage on schema "${schema}" to %1$I', granted_role);
        execute format('grant select on sequence "${schema}".event_position_seq to %1$I', granted_role);
        execute format('grant select, delete, insert (tenant, stream_type, stream_id, version, event_id, type, schema_version, payload,'
            ' codec, metadata, tags, recorded_at) on "${schema}".event to %1$I', granted_role);
        execute format('grant select, insert, delete on "${schema}".event_tag to %1$I', granted_role);
        execute format('grant select, insert, update, delete on "${schema}".closed_stream, "${schema}".snapshot to %1$I',
            granted_role);
    end loop;
end
$$;
