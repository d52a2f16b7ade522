package io.eventsourcing.spring;

import java.lang.annotation.Annotation;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.springframework.aop.scope.ScopedProxyUtils;
import org.springframework.beans.BeansException;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.core.annotation.AnnotationUtils;
import org.springframework.util.ClassUtils;

/** Finds the beans with methods of an annotation. Looks at classes only, and makes no bean. */
final class AnnotatedMethods {

    private final ConfigurableListableBeanFactory beans;
    private final Class<? extends Annotation> annotation;

    AnnotatedMethods(ConfigurableListableBeanFactory beans, Class<? extends Annotation> annotation) {
        this.beans = beans;
        this.annotation = annotation;
    }

    /** One of the methods of each bean that has some. */
    Map<String, Method> beans() {
        Map<String, Method> found = new TreeMap<>();
        for (String bean : beans.getBeanDefinitionNames()) {
            if (!ScopedProxyUtils.isScopedTarget(bean)) {
                methodOf(bean).ifPresent(method -> found.put(bean, method));
            }
        }
        return found;
    }

    private Optional<Method> methodOf(String bean) {
        try {
            Class<?> type = beans.getType(bean, false);
            return type == null || type.getName().startsWith("org.springframework.")
                    ? Optional.empty()
                    : methodOf(type);
        } catch (BeansException | LinkageError e) { // whoever makes or calls the bean says so
            return Optional.empty();
        }
    }

    private Optional<Method> methodOf(Class<?> type) {
        return Stream.<Class<?>>iterate(ClassUtils.getUserClass(type), each -> each != null, Class::getSuperclass)
                .filter(each -> AnnotationUtils.isCandidateClass(each, annotation))
                .flatMap(each -> Arrays.stream(each.getDeclaredMethods()))
                .filter(method -> method.isAnnotationPresent(annotation) && !method.isBridge())
                .findFirst();
    }
}
