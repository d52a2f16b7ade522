package io.eventsourcing.spring;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.util.DriverDataSource;
import com.zaxxer.hikari.util.PropertyElf;
import java.util.Properties;
import javax.sql.DataSource;
import org.springframework.beans.BeanUtils;
import org.springframework.util.ClassUtils;

/**
 * Ends each wait for an answer of the server after 30 seconds, unless the driver is told otherwise: a server that is suspended, or cut
 * off by the network, never answers, and a thread that waits for it would hang for ever.
 */
final class LimitedWaits {

    private static final String SOCKET_TIMEOUT = "socketTimeout";
    private static final String SECONDS = "30";

    private LimitedWaits() {}

    /** For a pool that makes its connections by itself. One that was given a DataSource stays as it is. */
    static void limit(HikariConfig config) {
        String url = config.getJdbcUrl();
        String dataSourceClass = config.getDataSourceClassName();
        if (config.getDataSource() != null || config.getDataSourceJNDI() != null) {
            return;
        }
        if (dataSourceClass != null) {
            config.setDataSource(instance(dataSourceClass, config.getDataSourceProperties()));
            config.setDataSourceClassName(null);
        } else if (url != null) {
            config.setDataSource(new DriverDataSource(
                    url,
                    config.getDriverClassName(),
                    limited(config.getDataSourceProperties()),
                    config.getUsername(),
                    config.getPassword()));
        }
    }

    private static DataSource instance(String className, Properties properties) {
        Class<?> type = ClassUtils.resolveClassName(className, ClassUtils.getDefaultClassLoader());
        DataSource dataSource = (DataSource) BeanUtils.instantiateClass(type);
        boolean isLimitable = BeanUtils.getPropertyDescriptor(type, SOCKET_TIMEOUT) != null
                && properties.values().stream()
                        .noneMatch(value -> value.toString().contains(SOCKET_TIMEOUT + "="));
        PropertyElf.setTargetFromProperties(dataSource, isLimitable ? limited(properties) : properties);
        return dataSource;
    }

    /** A copy: a pool's configuration shares its properties with the one that it was copied from. What a URL says goes before them. */
    private static Properties limited(Properties properties) {
        Properties limited = PropertyElf.copyProperties(properties);
        limited.putIfAbsent(SOCKET_TIMEOUT, SECONDS);
        limited.putIfAbsent("tcpKeepAlive", "true");
        return limited;
    }
}
