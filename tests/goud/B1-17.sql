(feiten.handeling = 'declaratie' AND feiten.periode_einddatum >= '2022-01-01' AND feiten.periode_einddatum <= '2022-12-31')
