package io.eventsourcing.spring;

import java.util.List;

/** The application's login could see other tenants' rows, and must not. */
final class TenancyNotEnforcedException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    TenancyNotEnforcedException(List<String> gaps) {
        super(
                "eventsourcing.tenancy.enforce is true, but row-level security does not hold for the application's login. "
                        + String.join(" ", gaps));
    }
}
