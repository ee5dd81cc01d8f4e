(feiten.handeling <> 'declaratie' AND feiten.toewijzingsdatum = '0001-01-01')
