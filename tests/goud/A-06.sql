(feiten.nieuw_of_verlenging = TRUE AND feiten.toewijzingsdatum >= '2023-01-01')
