-- The funnel of benchmarks/funnels.py (kinds 2, 5, 9 and 13 within thirty days) over kept(person, time, kind), as a person would ask it.
-- It follows each person's very first step one; later beginnings, which ours tries too, would take far longer.
WITH one AS (SELECT person, min(time) AS began FROM kept WHERE kind = 2 GROUP BY person),
two AS (SELECT t.person, any_value(began) AS began, min(time) AS at FROM kept t JOIN one USING (person)
    WHERE kind = 5 AND time > began AND time <= began + 2592000000000 GROUP BY t.person),
three AS (SELECT t.person, any_value(began) AS began, min(time) AS at FROM kept t JOIN two USING (person)
    WHERE kind = 9 AND time > two.at AND time <= began + 2592000000000 GROUP BY t.person),
four AS (SELECT t.person, min(time) AS at FROM kept t JOIN three USING (person)
    WHERE kind = 13 AND time > three.at AND time <= began + 2592000000000 GROUP BY t.person)
SELECT (SELECT count(*) FROM one), (SELECT count(*) FROM two), (SELECT count(*) FROM three), (SELECT count(*) FROM four)
