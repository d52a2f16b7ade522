package io.eventsourcing.spring;

import io.eventsourcing.core.event.EventType;
import java.util.Collection;
import java.util.stream.Stream;
import org.springframework.beans.factory.annotation.AnnotatedBeanDefinition;
import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.context.annotation.ClassPathScanningCandidateComponentProvider;
import org.springframework.core.io.ResourceLoader;
import org.springframework.core.type.filter.AnnotationTypeFilter;
import org.springframework.util.ClassUtils;

/**
 * Finds the classes that are annotated with {@link EventType}, nested ones too, and the sealed types that directly permit
 * one: registering those finds, at start, the sibling whose annotation was forgotten.
 */
final class EventClassScanner extends ClassPathScanningCandidateComponentProvider {

    EventClassScanner(ResourceLoader resources) {
        super(false);
        setResourceLoader(resources);
        addIncludeFilter(new AnnotationTypeFilter(EventType.class, false, true));
    }

    Stream<Class<?>> scan(Collection<String> packages) {
        return packages.stream()
                .flatMap(name -> findCandidateComponents(name).stream())
                .map(this::load)
                .flatMap(event -> Stream.concat(Stream.of(event), sealedParents(event)))
                .distinct();
    }

    private static Stream<Class<?>> sealedParents(Class<?> event) {
        return Stream.concat(Stream.ofNullable(event.getSuperclass()), Stream.of(event.getInterfaces()))
                .filter(Class::isSealed);
    }

    /** Accepts whatever is annotated: what cannot be an event is refused when it is registered, with the reason. */
    @Override
    protected boolean isCandidateComponent(AnnotatedBeanDefinition annotated) {
        return true;
    }

    private Class<?> load(BeanDefinition found) {
        return ClassUtils.resolveClassName(
                String.valueOf(found.getBeanClassName()), getResourceLoader().getClassLoader());
    }
}
