package io.eventsourcing.samples.orders.web;

import io.eventsourcing.core.readmodel.ProjectionGeneration;
import io.eventsourcing.core.readmodel.ProjectionGeneration.State;
import io.eventsourcing.projection.ProjectionStatus;
import io.eventsourcing.projection.Projections;
import io.eventsourcing.projection.RebuildProgress;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** For operators: how the projections stand, of all tenants, and their rebuilds. A real service asks who it is that calls. */
@RestController
@RequestMapping("/projections")
class ProjectionController {

    private final Projections projections;

    ProjectionController(Projections projections) {
        this.projections = projections;
    }

    record Standing(
            String name,
            int generation,
            long lag,
            long parked,
            @Nullable String rebuild) {

        static Standing of(ProjectionStatus status) {
            int live = status.generations().stream()
                    .filter(generation -> generation.state() == State.LIVE)
                    .mapToInt(ProjectionGeneration::number)
                    .max()
                    .orElse(0);
            String rebuild = Optional.ofNullable(status.rebuild())
                    .map(RebuildProgress::bar)
                    .orElse(null);
            return new Standing(status.name(), live, status.lag(), status.parked(), rebuild);
        }
    }

    @GetMapping
    List<Standing> all() {
        return projections.status().stream().map(Standing::of).toList();
    }

    @PostMapping("/{name}/rebuild")
    ResponseEntity<Void> rebuild(@PathVariable String name) {
        InvalidRequestException.parse("projection-unknown", () -> {
            projections.rebuild(name);
            return name;
        });
        return ResponseEntity.accepted().build();
    }
}
