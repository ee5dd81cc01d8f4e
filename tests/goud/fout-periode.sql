(feiten.handeling = 'declaratie' AND feiten.periode_einddatum = '0001-01-01')
