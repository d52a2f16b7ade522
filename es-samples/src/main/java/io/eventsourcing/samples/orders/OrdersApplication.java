package io.eventsourcing.samples.orders;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;

/** The order service. {@code database.DatabaseConfiguration} imports the DataSource where the event store needs one. */
@SpringBootApplication(exclude = DataSourceAutoConfiguration.class)
public class OrdersApplication {

    /**
     * Starts the service.
     *
     * @param arguments properties, such as {@code --server.port=8081}
     */
    public static void main(String[] arguments) {
        SpringApplication.run(OrdersApplication.class, arguments);
    }
}
