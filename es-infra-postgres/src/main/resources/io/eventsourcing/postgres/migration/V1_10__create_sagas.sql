-- Where the processes of sagas stand.

create table "${schema}".saga (
    tenant        text collate "C" not null,
    saga          text collate "C" not null,
    instance      text collate "C" not null,
    position      bigint not null,
    part          int not null,
    state_version int not null,
    state         jsonb not null,
    codec         text,
    is_complete   boolean not null,
    changed_at    timestamptz not null,
    primary key (tenant, saga, instance)
) with (fillfactor = 80);

comment on column "${schema}".saga.position is 'of the last event that the process has heard';

create index saga_completed on "${schema}".saga (changed_at) where is_complete;

alter table "${schema}".saga enable row level security;
alter table "${schema}".saga force row level security;
create policy of_tenant on "${schema}".saga
    using (tenant = (select current_setting('eventsourcing.tenant', true)))
    with check (tenant = current_setting('eventsourcing.tenant', true));

create function "${schema}".find_saga(p_tenant text, p_saga text, p_instance text) returns setof "${schema}".saga
    language plpgsql volatile
    set plan_cache_mode = force_generic_plan
    set enable_seqscan = off set jit = off
as $$
declare
    callers_tenant text := current_setting('eventsourcing.tenant', true);
begin
    if set_config('eventsourcing.tenant', p_tenant, true) is null then end if;
    return query
    select s.* from "${schema}".saga s where s.tenant = p_tenant and s.saga = p_saga and s.instance = p_instance;
    if set_config('eventsourcing.tenant', coalesce(callers_tenant, ''), true) is null then end if;
end
$$;

-- Whether the process stands there now: not if it has heard this event, or a later one, before.
create function "${schema}".save_saga(
    p_tenant text, p_saga text, p_instance text, p_position bigint, p_part int,
    p_state_version int, p_state text, p_codec text, p_is_complete boolean)
    returns boolean
    language plpgsql volatile
    set plan_cache_mode = force_generic_plan
    set enable_seqscan = off set jit = off
as $$
declare
    callers_tenant text := current_setting('eventsourcing.tenant', true);
    is_saved       boolean;
begin
    if set_config('eventsourcing.tenant', p_tenant, true) is null then end if;
    if current_setting('synchronous_commit') = 'off' then
        perform set_config('synchronous_commit', 'local', true);
    end if;
    insert into "${schema}".saga as s (
        tenant, saga, instance, position, part, state_version, state, codec, is_complete, changed_at)
    values (p_tenant, p_saga, p_instance, p_position, p_part, p_state_version, p_state::jsonb, p_codec, p_is_complete, clock_timestamp())
    on conflict (tenant, saga, instance) do update
    set position = excluded.position, part = excluded.part, state_version = excluded.state_version, state = excluded.state,
        codec = excluded.codec, is_complete = excluded.is_complete, changed_at = excluded.changed_at
    where (s.position, s.part) < (excluded.position, excluded.part) and not s.is_complete;
    is_saved := found;
    if set_config('eventsourcing.tenant', coalesce(callers_tenant, ''), true) is null then end if;
    return is_saved;
end
$$;

create function "${schema}".purge_sagas(p_completed_before_ms bigint, p_limit int) returns int
    language plpgsql volatile
as $$
declare
    callers_reach text := current_setting('eventsourcing.all_tenants', true);
    before        timestamptz := clock_timestamp() - p_completed_before_ms * interval '1 millisecond';
    removed       int;
begin
    if set_config('eventsourcing.all_tenants', 'on', true) is null then end if;
    with old as materialized (
        select s.tenant, s.saga, s.instance from "${schema}".saga s
        where s.is_complete and s.changed_at <= before limit p_limit for update skip locked)
    delete from "${schema}".saga s using old o
    where s.tenant = o.tenant and s.saga = o.saga and s.instance = o.instance;
    get diagnostics removed = row_count;
    if set_config('eventsourcing.all_tenants', coalesce(callers_reach, ''), true) is null then end if;
    return removed;
end
$$;

create or replace function "${schema}".schema_version() returns text
    language sql immutable parallel safe
return '1.10';
