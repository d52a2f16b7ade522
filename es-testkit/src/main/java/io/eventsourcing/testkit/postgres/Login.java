package io.eventsourcing.testkit.postgres;

import javax.sql.DataSource;
import org.postgresql.ds.PGSimpleDataSource;

/** Who connects where. */
record Login(String url, String user, String password) {

    /** The same login on another database of the server. */
    Login on(String database) {
        return new Login(url.replaceFirst("^(jdbc:postgresql:(?://[^/?]*/)?)[^?]*", "$1" + database), user, password);
    }

    /** Another login on the same database. */
    Login as(String otherUser, String otherPassword) {
        return new Login(url, otherUser, otherPassword);
    }

    DataSource dataSource() {
        PGSimpleDataSource dataSource = new PGSimpleDataSource();
        dataSource.setURL(url);
        dataSource.setUser(user);
        dataSource.setPassword(password);
        return dataSource;
    }

    /** Without the password. */
    @Override
    public String toString() {
        return user + " on " + url;
    }
}
